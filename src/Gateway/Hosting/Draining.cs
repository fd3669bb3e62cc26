namespace Evolution.Gateway.Hosting;

/// <summary>
/// Middleware: once the gateway is told to stop, a running request has two seconds to finish; then it is cut off, so that the rest of the stop has its
/// time too. Process managers kill after five.
/// </summary>
internal sealed class Draining : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly RequestDelegate next;
    private readonly CancellationTokenSource over;
    private readonly CancellationTokenRegistration stopping;

    public Draining(RequestDelegate next, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        this.next = next;
        over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        stopping = lifetime.ApplicationStopping.Register(() => over.CancelAfter(Grace));
    }

    public async Task InvokeAsync(HttpContext context)
    {
        await using var cut = over.Token.Register(static state => ((HttpContext)state!).Abort(), context);
        await next(context);
    }

    public void Dispose()
    {
        stopping.Dispose();
        over.Dispose();
    }
}
