namespace Evolution.Gateway.Hosting;

/// <summary>What a person who starts the gateway needs to know.</summary>
internal static class StartupBanner
{
    public static void Print(TextWriter output, GatewayHost gateway, DataFolder folder, Sandbox? sandbox)
    {
        output.WriteLine($"Evolution for .NET {ProductVersion.Program} is ready");
        output.WriteLine($"  API      {gateway.Address}");
        output.WriteLine(gateway.MadeApiKey is { } key
            ? $"  API key  {key}  (kept in {folder.ApiKeyFile}; set AUTHENTICATION_API_KEY to choose your own)"
            : "  API key  the one in AUTHENTICATION_API_KEY");
        if (sandbox is not null)
            output.WriteLine($"  Sandbox  {sandbox.ControlUrl}  (a simulator, not WhatsApp)");
        // For programs that start it: one line, when everything answers.
        output.WriteLine($"ready api={Loopback(gateway.Address)}{(sandbox is null ? "" : $" sandbox={Loopback(sandbox.ControlUrl)}")}");
        output.Flush();
    }

    /// <summary>An address without a name to resolve: <c>http://127.0.0.1:8080</c>.</summary>
    public static string Loopback(Uri address) => $"http://{(address.Host == "localhost" ? "127.0.0.1" : address.Host)}:{address.Port}";
}
