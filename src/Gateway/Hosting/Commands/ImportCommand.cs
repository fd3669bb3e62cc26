namespace Evolution.Gateway.Hosting.Commands;

/// <summary><c>import</c>: says that it is not there yet.</summary>
internal static class ImportCommand
{
    public static Task RunAsync(CancellationToken cancellationToken) =>
        Task.FromException(new SettingException("import is not available yet: link the phones again with a QR code, or wait for a release that imports"));
}
