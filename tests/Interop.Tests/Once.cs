namespace Evolution.Interop.Tests;

/// <summary>Something costly, made when first asked for. A failure is kept too: whoever asks again gets it at once.</summary>
internal sealed class Once<T>(Func<CancellationToken, Task<T>> make) : IAsyncDisposable
    where T : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);
    private readonly Lock _gate = new();
    private Task<T>? _made;

    public Task<T> GetAsync(CancellationToken ct)
    {
        lock (_gate)
            _made ??= make(CancellationToken.None).WaitAsync(s_limit, CancellationToken.None);
        return _made.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        // What failed to start told its test so.
        if (_made is { IsCompletedSuccessfully: true })
            await (await _made).DisposeAsync();
    }
}
