using System.Security.Cryptography;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.ControlApi;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Faults;

/// <summary>Reads what a fault shall do.</summary>
internal static class FaultActions
{
    private static readonly string[] s_kinds =
    [
        "cut", "streamError", "failure", "iqError", "ackError", "delay", "drop", "duplicate", "reorder", "corrupt", "refusePreKeys", "noPreKeys",
        "wrongCertificate", "halfFrame", "media",
    ];

    private static readonly string[] s_fields = [.. s_kinds, "text", "conflict", "detail", "expire", "code", "upload"];

    /// <exception cref="ControlException">It is none, or several.</exception>
    public static FaultAction Read(ControlBody fault)
    {
        var body = fault.RequiredObject("do", s_fields);
        if (s_kinds.Where(body.Has).ToArray() is not [var kind])
            throw ControlException.Bad($"do has exactly one of: {string.Join(", ", s_kinds)}.");
        return kind switch
        {
            "cut" => On(body, kind, new FaultAction(Always, Cut) { EndsConnection = true }),
            "streamError" => StreamError(body),
            "failure" => Failure(body),
            "iqError" => IqError(body, Code(body, kind), IsRequest),
            "ackError" => AckError(Code(body, kind)),
            "delay" => Delay(TimeSpan.FromMilliseconds(body.Whole(kind, 1, 600_000)!.Value)),
            "drop" => On(body, kind, new FaultAction(Always, _ => new([]))),
            "duplicate" => On(body, kind, new FaultAction(Outbound, scene => new([scene.Node, scene.Node]))),
            "reorder" => On(body, kind, new FaultAction(Outbound, Hold)),
            "corrupt" => On(body, kind, new FaultAction((_, node) => Ciphertexts.Has(node), scene => new([Ciphertexts.Corrupt(scene.Node)]))),
            "refusePreKeys" => On(body, kind, IqError(body, 406, (direction, node) => IsRequest(direction, node) && IsKeyRequest(node))),
            "noPreKeys" => On(body, kind, new FaultAction((direction, node) => direction == StanzaDirection.Out && Bundles.HasOneTimeKeys(node),
                scene => new([Bundles.WithoutOneTimeKeys(scene.Node)]))),
            "wrongCertificate" => On(body, kind, new FaultAction(Never, Nothing) { BreaksCertificate = true }),
            "halfFrame" => On(body, kind, new FaultAction(Always, HalfFrameAsync) { EndsConnection = true }),
            _ => new FaultAction(Never, Nothing) { MediaStatus = Code(body, kind), MediaMethod = body.Flag("upload") ? "POST" : "GET" },
        };
    }

    private static FaultAction On(ControlBody body, string kind, FaultAction action) =>
        body.Flag(kind) ? action : throw ControlException.Bad($"do.{kind} must be true.");

    private static int Code(ControlBody body, string kind) => (int)body.Whole(kind, 400, 599)!.Value;

    private static bool Always(StanzaDirection direction, Node node) => true;

    private static bool Never(StanzaDirection direction, Node node) => false;

    private static bool Outbound(StanzaDirection direction, Node node) => direction == StanzaDirection.Out;

    private static bool IsRequest(StanzaDirection direction, Node node) =>
        direction == StanzaDirection.In && node.Tag == "iq" && node["type"] is "get" or "set";

    private static bool IsKeyRequest(Node node) => node["xmlns"] == "encrypt" && node["type"] == "get" && node.Child("key") is not null;

    private static ValueTask<IReadOnlyList<Node>> Nothing(FaultScene scene) => new([scene.Node]);

    private static ValueTask<IReadOnlyList<Node>> Cut(FaultScene scene)
    {
        scene.Connection.Abort("a fault was asked for");
        return new([]);
    }

    /// <summary>
    /// 401 means removed and 440 replaced unless told otherwise; <c>detail</c> names another element, such as the <c>xml-not-well-formed</c> that blames
    /// the client. Source: Baileys src/Utils/generics.ts, whatsmeow connectionevents.go.
    /// </summary>
    private static FaultAction StreamError(ControlBody body)
    {
        var code = Code(body, "streamError");
        var conflict = body.Text("conflict", 64) ?? code switch { 401 => "device_removed", 440 => "replaced", _ => "none" };
        var detail = body.Text("detail", 64) is { } tag ? new Node(tag) : conflict == "none" ? null : NodeExtensions.Conflict(conflict);
        // What an element alone tells has no number beside it.
        var isTold = code == 440 || body.Has("detail");
        return new FaultAction(Always, scene =>
        {
            scene.State.End(scene.Connection, NodeExtensions.StreamError(isTold ? null : code, detail));
            return new([]);
        })
        {
            EndsConnection = true,
        };
    }

    private static FaultAction Failure(ControlBody body)
    {
        var reason = Code(body, "failure");
        var code = body.Whole("code", 0, int.MaxValue)?.ToString();
        var expire = body.Whole("expire", 0, int.MaxValue)?.ToString();
        return new FaultAction((direction, node) => direction == StanzaDirection.Out && node.Tag == "success", scene =>
        {
            scene.State.End(scene.Connection, NodeExtensions.Failure(reason).With("code", code).With("expire", expire));
            return new([]);
        });
    }

    private static FaultAction IqError(ControlBody body, int code, Func<StanzaDirection, Node, bool> fits)
    {
        var text = body.Text("text", 256) ?? code switch
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
        return new FaultAction(fits, scene =>
        {
            scene.Connection.Post(scene.Node.Error(code, text));
            return new([]);
        });
    }

    private static FaultAction AckError(int code) => new((direction, node) => direction == StanzaDirection.In && node.Tag == "message", scene =>
    {
        scene.Connection.Post(new Node("ack", new NodeAttributes
        {
            { "class", "message" }, { "id", scene.Node["id"] }, { "from", scene.Node["to"] },
            { "t", scene.Time.GetUtcNow().ToUnixTimeSeconds().ToString() }, { "error", code.ToString() },
        }));
        return new([]);
    });

    private static FaultAction Delay(TimeSpan time) => new(Always, async scene =>
    {
        await Task.Delay(time, scene.Time, scene.Ct).ConfigureAwait(false);
        return [scene.Node];
    });

    private static ValueTask<IReadOnlyList<Node>> Hold(FaultScene scene)
    {
        if (scene.State.Held is not null)
            return new([scene.Node]);
        scene.State.Held = scene.Node;
        return new([]);
    }

    /// <summary>A frame of 64 bytes is announced, 20 come.</summary>
    private static async ValueTask<IReadOnlyList<Node>> HalfFrameAsync(FaultScene scene)
    {
        await scene.Connection.SendRawAsync(new byte[] { 0, 0, 64 }.Concat(RandomNumberGenerator.GetBytes(20)).ToArray()).ConfigureAwait(false);
        scene.Connection.Abort("half a frame was asked for");
        return [];
    }
}
