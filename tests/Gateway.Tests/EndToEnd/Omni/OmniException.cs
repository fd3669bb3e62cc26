using System.Net;
using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd.Omni;

/// <summary>What Omni's client makes of every status that is no success; its restart looks for "404" in the text.</summary>
internal sealed class OmniException(HttpStatusCode status, string body) : Exception($"Evolution API error: {(int)status} - {body}")
{
    public HttpStatusCode Status { get; } = status;

    public JsonObject Body => JsonNode.Parse(body)!.AsObject();
}
