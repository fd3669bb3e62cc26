using System.Text.Json.Nodes;
using Evolution.Gateway.EvolutionWire;

namespace Evolution.Gateway.Api;

/// <summary>A request is refused: what the client is told, and with which status.</summary>
internal sealed class ApiException : Exception
{
    private ApiException(int status, string label, JsonNode body)
        : base(body.ToJsonString())
    {
        Status = status;
        Label = label;
        Body = body;
    }

    public int Status { get; }

    /// <summary>The <c>error</c> field.</summary>
    public string Label { get; }

    /// <summary>The <c>message</c> field.</summary>
    public JsonNode Body { get; }

    public static ApiException BadRequest(params JsonNode[] messages) => Of(400, messages);

    public static ApiException Forbidden(params JsonNode[] messages) => Of(403, messages);

    public static ApiException NotFound(params JsonNode[] messages) => Of(404, messages);

    /// <summary>404: no instance has the name, or it is being deleted.</summary>
    public static ApiException NoInstance(string name) => NotFound($"The \"{name}\" instance does not exist");

    /// <summary>500 with a list: what a failed call to WhatsApp gives on the routes that promise it.</summary>
    public static ApiException Failed(params JsonNode[] messages) => Of(500, messages);

    /// <summary>401; its message is a plain text.</summary>
    public static ApiException Unauthorized() => new(401, ErrorBody.LabelOf(401), JsonValue.Create("Unauthorized"));

    /// <summary>500 with a plain text: errors nobody foresaw, and some business rules.</summary>
    public static ApiException Internal(string text) => new(500, ErrorBody.LabelOf(500), JsonValue.Create(text));

    /// <summary>400 with all failures of a body in one inner list.</summary>
    public static ApiException Invalid(IEnumerable<string> failures) =>
        BadRequest(new JsonArray([.. failures.Select(failure => (JsonNode)JsonValue.Create(failure))]));

    /// <summary>The request could not even be read. The label is the same for every status; clients know no other.</summary>
    public static ApiException Unreadable(int status, string text) => new(status, ErrorBody.LabelOf(500), JsonValue.Create(text));

    private static ApiException Of(int status, JsonNode[] messages) => new(status, ErrorBody.LabelOf(status), new JsonArray(messages));
}
