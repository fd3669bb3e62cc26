using Evolution.Protocol.Nodes;

namespace Evolution.Client.Connection;

/// <summary>Why a connection ended, as the reconnect policy reads it.</summary>
/// <param name="Kind">In which way.</param>
/// <param name="Code">The server's number, or the one the ecosystem uses for this way of ending.</param>
/// <param name="Text">For the operator.</param>
internal sealed record ConnectionEnd(EndKind Kind, int Code, string Text)
{
    /// <summary>The tag of the stream error's first child, and the <c>type</c> it carries.</summary>
    public string? Condition { get; init; }

    /// <summary>How long the server wants us to stay away, when it says so.</summary>
    public TimeSpan? Expire { get; init; }

    public static ConnectionEnd Closed(string text) => new(EndKind.Closed, 428, text);

    public static ConnectionEnd Stopped { get; } = new(EndKind.Stopped, DisconnectReason.Stopped.Code, DisconnectReason.Stopped.Text);

    public static ConnectionEnd Silent { get; } = new(EndKind.Silent, 408, "the connection was lost: nothing came for too long");

    public static ConnectionEnd QrExhausted { get; } = new(EndKind.QrExhausted, 408, "QR refs attempts ended");

    public static ConnectionEnd QrReferencesUsed { get; } = new(EndKind.QrReferencesUsed, 428, "the QR references are used up; asking for more");

    public static ConnectionEnd NoMultiDevice { get; } = new(EndKind.NoMultiDevice, 411, "the phone that scanned has no multi-device");

    public static ConnectionEnd LaneFull { get; } = new(EndKind.LaneFull, 428, "a chat's queue was full; renewing the connection");

    public static ConnectionEnd LoggedOutByUs { get; } = new(EndKind.LoggedOutByUs, 401, "logged out");

    /// <summary>Reads <c>&lt;stream:error&gt;</c>. Without a code, a child's tag stands for one as in Baileys (src/Utils/generics.ts, getErrorCodeFromStreamError).</summary>
    public static ConnectionEnd FromStreamError(Node node)
    {
        var child = node.Children.Count > 0 ? node.Children[0] : null;
        var condition = child?["type"] ?? child?.Tag;
        var code = (int?)node.LongOf("code") ?? (child?.Tag == "conflict" ? 440 : 500);
        return new ConnectionEnd(EndKind.StreamError, code, condition is null ? "stream error" : $"stream error: {condition}") { Condition = condition };
    }

    /// <summary>Reads <c>&lt;failure reason=…/&gt;</c>.</summary>
    public static ConnectionEnd FromFailure(Node node)
    {
        var code = (int?)node.LongOf("reason") ?? 500;
        var text = node["logout_message_header"] ?? node["message"] ?? (node["code"] is { } ban ? $"code {ban}" : "login refused");
        return new ConnectionEnd(EndKind.LoginFailure, code, text)
        {
            Expire = node.LongOf("expire") is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null,
        };
    }
}
