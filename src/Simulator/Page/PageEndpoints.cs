using System.Reflection;
using Evolution.Simulator.ControlApi;

namespace Evolution.Simulator.Page;

/// <summary>The page and the API's description. The page may run its own script and style alone, and talk to nobody but this server.</summary>
internal static class PageEndpoints
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

    public static void AddTo(ControlRouting routes)
    {
        Add(routes, "/", "index.html", "text/html; charset=utf-8");
        Add(routes, "/page.css", "page.css", "text/css; charset=utf-8");
        Add(routes, "/page.js", "page.js", "text/javascript; charset=utf-8");
        Add(routes, "/v1/openapi.json", "openapi.json", "application/json; charset=utf-8");
    }

    private static void Add(ControlRouting routes, string path, string name, string type)
    {
        var bytes = Read(name);
        routes.Map("GET", path, call => call.FileAsync(type, bytes, Policy));
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Evolution.Simulator.Page." + name)
            ?? throw new InvalidOperationException("The assembly lacks " + name);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
