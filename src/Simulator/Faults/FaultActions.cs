using System.Security.Cryptography;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.ControlApi;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Faults;

/// <summary>Reads what a fault shall do.</summary>
internal static class FaultActions
{
    private const int MaxOvertaking = 1000;

    private static readonly string[] s_kinds =
    [
        "cut", "streamError", "failure", "iqError", "ackError", "delayMs", "drop", "duplicate", "reorder", "corrupt", "halfFrame", "certificate", "preKeys",
        "mediaStatus",
    ];

    private static readonly string[] s_fields = [.. s_kinds, "upload"];

    /// <exception cref="ControlException">It is none, or several.</exception>
    public static FaultAction Read(ControlBody fault)
    {
        var body = fault.RequiredObject("do", s_fields);
        if (s_kinds.Where(body.Has).ToArray() is not [var kind])
            throw ControlException.Bad($"do has exactly one of: {string.Join(", ", s_kinds)}.");
        if (kind != "mediaStatus" && body.Has("upload"))
            throw ControlException.Bad("do.upload goes with mediaStatus alone.");
        return kind switch
        {
            "cut" => On(body, kind, new FaultAction(Always, Cut) { EndsConnection = true }),
            "streamError" => StreamError(body.RequiredObject(kind, "code", "reason", "detail")),
            "failure" => Failure(body.RequiredObject(kind, "reason", "code", "expire")),
            "iqError" => AnswerErrors.Iq(body.RequiredObject(kind, "code", "text")),
            "ackError" => AnswerErrors.Ack(Code(body, kind)),
            "delayMs" => Delay(TimeSpan.FromMilliseconds(body.Whole(kind, 1, 600_000)!.Value)),
            "drop" => On(body, kind, new FaultAction(Always, _ => new([]))),
            "duplicate" => On(body, kind, new FaultAction(Always, scene => new([scene.Node, scene.Node]))),
            "reorder" => Reorder((int)body.Whole(kind, 1, MaxOvertaking)!.Value),
            "corrupt" => On(body, kind, new FaultAction((_, node) => Ciphertexts.Has(node), scene => new([Ciphertexts.Corrupt(scene.Node)]))),
            "halfFrame" => On(body, kind, new FaultAction(Always, HalfFrameAsync) { EndsConnection = true }),
            "certificate" => Certificate(body.RequiredText(kind)),
            "preKeys" => body.RequiredText(kind) switch
            {
                "refuse" => AnswerErrors.KeysRefused(),
                "none" => WithoutOneTimeKeys(),
                _ => throw ControlException.Bad("do.preKeys must be none or refuse."),
            },
            _ => new FaultAction(Never, Nothing)
            {
                HasOccasion = true,
                MediaStatus = (int)body.Whole(kind, 400, 599)!.Value,
                MediaMethod = body.Flag("upload") ? "POST" : "GET",
            },
        };
    }

    /// <summary>A number as errors carry it.</summary>
    internal static int Code(ControlBody body, string field) =>
        (int)(body.Whole(field, 100, 999) ?? throw ControlException.Bad($"{body.PathOf(field)} is missing."));

    private static FaultAction On(ControlBody body, string kind, FaultAction action) =>
        body.Flag(kind) ? action : throw ControlException.Bad($"do.{kind} must be true.");

    private static bool Always(StanzaDirection direction, Node node) => true;

    private static bool Never(StanzaDirection direction, Node node) => false;

    private static ValueTask<IReadOnlyList<Node>> Nothing(FaultScene scene) => new([scene.Node]);

    private static ValueTask<IReadOnlyList<Node>> Cut(FaultScene scene)
    {
        scene.Connection.Abort("a fault was asked for");
        return new([]);
    }

    /// <summary>
    /// 401 means removed and 440 replaced unless told otherwise; what stands in <c>detail</c>, such as the <c>xml-not-well-formed</c> that blames the
    /// client, comes without a number. Source: Baileys src/Utils/generics.ts, whatsmeow connectionevents.go.
    /// </summary>
    private static FaultAction StreamError(ControlBody body)
    {
        var code = Code(body, "code");
        var reason = body.Text("reason", 64) ?? code switch { 401 => "device_removed", 440 => "replaced", _ => "none" };
        var detail = body.Text("detail", 64) is { Length: > 0 } tag ? new Node(tag) : reason switch
        {
            "" or "none" => null,
            "conflict" => NodeExtensions.Conflict(code == 401 ? "device_removed" : "replaced"),
            "device_removed" or "replaced" => NodeExtensions.Conflict(reason),
            _ => new Node(reason),
        };
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
        var reason = Code(body, "reason");
        var code = body.Whole("code", 0, int.MaxValue)?.ToString();
        var expire = body.Whole("expire", 0, int.MaxValue)?.ToString();
        return new FaultAction((direction, node) => direction == StanzaDirection.Out && node.Tag == "success", scene =>
        {
            scene.State.End(scene.Connection, NodeExtensions.Failure(reason).With("code", code).With("expire", expire));
            return new([]);
        })
        {
            HasOccasion = true,
        };
    }

    private static FaultAction Delay(TimeSpan time) => new(Always, async scene =>
    {
        await Task.Delay(time, scene.Time, scene.Ct).ConfigureAwait(false);
        return [scene.Node];
    });

    private static FaultAction Reorder(int others) => new(Always, scene =>
    {
        scene.State.Hold(scene.Fault, scene.Direction, scene.Node, others);
        return new([]);
    });

    private static FaultAction Certificate(string which) => new(Never, Nothing)
    {
        HasOccasion = true,
        Certificate = which switch
        {
            "wrongRoot" => Certificates.WrongRoot,
            "wrongIssuer" => Certificates.WrongIssuer,
            "expired" => Certificates.Expired,
            _ => throw ControlException.Bad("do.certificate must be wrongRoot, wrongIssuer or expired."),
        },
    };

    /// <summary>Strikes the answer, or the request whose answer it then is.</summary>
    private static FaultAction WithoutOneTimeKeys() => new(
        (direction, node) => direction == StanzaDirection.In ? AnswerErrors.IsKeyRequest(node) : Bundles.HasOneTimeKeys(node),
        scene =>
        {
            if (scene.Direction == StanzaDirection.Out)
                return new([Bundles.WithoutOneTimeKeys(scene.Node)]);
            scene.State.TakeKeysFromAnswer(scene.Node);
            return new([scene.Node]);
        });

    /// <summary>A frame of 64 bytes is announced, 20 come.</summary>
    private static async ValueTask<IReadOnlyList<Node>> HalfFrameAsync(FaultScene scene)
    {
        await scene.Connection.SendRawAsync(new byte[] { 0, 0, 64 }.Concat(RandomNumberGenerator.GetBytes(20)).ToArray()).ConfigureAwait(false);
        scene.Connection.Abort("half a frame was asked for");
        return [];
    }
}
