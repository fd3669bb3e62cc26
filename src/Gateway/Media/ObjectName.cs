using System.Text;

namespace Evolution.Gateway.Media;

/// <summary>Under which name the file of a message lies in the object store: the same each time it is put.</summary>
internal static class ObjectName
{
    private const string Prefix = "evolution-api";
    private const int MaxPartLength = 200;

    /// <param name="instanceId">UUID of the instance.</param>
    /// <param name="remoteJid">The chat.</param>
    /// <param name="type">The content key, such as <c>imageMessage</c>.</param>
    /// <param name="timestamp">When the message was sent, in seconds since 1970.</param>
    /// <param name="messageId">WhatsApp's id, which its sender chose.</param>
    /// <param name="extension">Without a dot.</param>
    public static string Of(string instanceId, string remoteJid, string type, long timestamp, string messageId, string extension) =>
        $"{Prefix}/{instanceId}/{Safe(remoteJid)}/{type}/{timestamp}000_{Safe(messageId)}.{extension}";

    // What comes from others must not lead elsewhere, nor need escaping in an address.
    private static string Safe(string part)
    {
        var safe = new StringBuilder();
        foreach (var c in part.Length > MaxPartLength ? part.AsSpan(0, MaxPartLength) : part)
            safe.Append(char.IsAsciiLetterOrDigit(c) || c is '@' or '.' or '-' or '_' ? c : '_');
        return safe.ToString();
    }
}
