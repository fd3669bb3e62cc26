using System.Runtime.InteropServices;

namespace Evolution.Gateway.Hosting.Commands;

/// <summary>Waits for SIGTERM or Ctrl-C where no web host does.</summary>
internal static class Stopping
{
    public static async Task WaitAsync(CancellationToken cancellationToken)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using var given = cancellationToken.Register(() => stop.TrySetResult());
        await stop.Task;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }
    }
}
