using Evolution.Gateway.Api;
using Evolution.Gateway.Providers.WhatsAppWeb;

namespace Evolution.Gateway.Hosting;

/// <summary><c>GET /</c>: what clients ask to see whether the gateway is there. It depends on nothing outside the process.</summary>
internal static class RootPage
{
    public static void MapRoot(this IEndpointRouteBuilder routes, ServerOptions server)
    {
        var versions = routes.ServiceProvider.GetRequiredService<WebVersions>();
        ApiReply Reply() => ApiReply.Ok(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("status", 200);
            writer.WriteString("message", "Welcome to the Evolution API, it is working!");
            writer.WriteString("version", ProductVersion.Contract);
            writer.WriteString("clientName", server.ClientName);
            writer.WriteString("documentation", "https://doc.evolution-api.com");
            writer.WriteString("whatsappWebVersion", versions.Current.ToString());
            writer.WriteString("implementation", $"Evolution for .NET {ProductVersion.Program}");
            writer.WriteEndObject();
        });
        routes.MapApi([new(HttpMethods.Get, "/", Access.Open, null, _ => Task.FromResult(Reply()))]);
    }
}
