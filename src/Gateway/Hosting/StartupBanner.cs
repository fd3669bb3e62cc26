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
        output.Flush();
    }
}
