using System.Text.Json.Nodes;
using Evolution.Protocol.Nodes;

namespace Evolution.Simulator.ControlApi;

/// <summary>A stanza as JSON: <c>{tag, attrs, content?}</c>, the content a list of nodes or base64.</summary>
internal static class NodeJson
{
    public static JsonObject Write(Node node)
    {
        var attributes = new JsonObject();
        foreach (var (key, value) in node.Attributes)
            attributes[key] = value;
        var json = new JsonObject { ["tag"] = node.Tag, ["attrs"] = attributes };
        if (node.Kind == NodeContentKind.Children)
            json["content"] = new JsonArray([.. node.Children.Select(Write)]);
        else if (node.HasContent)
            json["content"] = Convert.ToBase64String(node.Bytes.Span);
        return json;
    }
}
