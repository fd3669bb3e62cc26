using Evolution.Protocol.Nodes;
using Evolution.Simulator.ControlApi;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Faults;

/// <summary>Errors in place of answers. A fault that names no direction means what the client asks, so that the server never gets it.</summary>
internal static class AnswerErrors
{
    /// <summary>An error to a request, or in place of the answer on its way back.</summary>
    public static FaultAction Iq(ControlBody body)
    {
        var code = FaultActions.Code(body, "code");
        return Iq(code, body.Text("text", 256), IsRequest, node => node["type"] == "result");
    }

    /// <summary>406 to who asks for key bundles.</summary>
    public static FaultAction KeysRefused() => Iq(406, null, IsKeyRequest, Bundles.Has);

    /// <summary>The sender hears an error: its message goes nowhere, or only the ack says so.</summary>
    public static FaultAction Ack(int code) => new(
        (direction, node) => direction == StanzaDirection.In ? node.Tag == "message" : node is { Tag: "ack" } && node["class"] == "message" && node["error"] is null,
        scene =>
        {
            if (scene.Direction == StanzaDirection.Out)
                return new([scene.Node.With("error", code.ToString())]);
            scene.Connection.Post(new Node("ack", new NodeAttributes
            {
                { "class", "message" }, { "id", scene.Node["id"] }, { "from", scene.Node["to"] },
                { "t", scene.Time.GetUtcNow().ToUnixTimeSeconds().ToString() }, { "error", code.ToString() },
            }));
            return new([]);
        })
    {
        Usual = (tag, _) => tag == "ack" ? StanzaDirection.Out : StanzaDirection.In,
    };

    public static bool IsKeyRequest(Node iq) => IsRequest(iq) && iq["xmlns"] == "encrypt" && iq["type"] == "get" && iq.Child("key") is not null;

    private static bool IsRequest(Node iq) => iq["type"] is "get" or "set";

    private static FaultAction Iq(int code, string? text, Func<Node, bool> isRequest, Func<Node, bool> isAnswer)
    {
        text ??= code switch
        {
            401 => "not-authorized",
            403 => "forbidden",
            404 => "item-not-found",
            406 => "not-acceptable",
            429 => "rate-overlimit",
            500 => "internal-server-error",
            503 => "service-unavailable",
            _ => "bad-request",
        };
        return new FaultAction((direction, node) => node.Tag == "iq" && (direction == StanzaDirection.In ? isRequest(node) : isAnswer(node)), scene =>
        {
            var error = scene.Node.Error(code, text);
            if (scene.Direction == StanzaDirection.Out)
                return new([error]);
            scene.Connection.Post(error);
            return new([]);
        })
        {
            Usual = (_, type) => type == "result" ? StanzaDirection.Out : StanzaDirection.In,
        };
    }
}
