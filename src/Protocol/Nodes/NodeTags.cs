namespace Evolution.Protocol.Nodes;

/// <summary>The first byte of an encoded string, list or content (Baileys: src/WABinary/constants.ts; whatsmeow: binary/token).</summary>
internal static class NodeTags
{
    internal const byte ListEmpty = 0;
    internal const byte Dictionary0 = 236;
    internal const byte Dictionary3 = 239;
    internal const byte InteropJid = 245;
    internal const byte MessengerJid = 246;
    internal const byte DeviceJid = 247;
    internal const byte List8 = 248;
    internal const byte List16 = 249;
    internal const byte JidPair = 250;
    internal const byte Hex8 = 251;
    internal const byte Binary8 = 252;
    internal const byte Binary20 = 253;
    internal const byte Binary32 = 254;
    internal const byte Nibble8 = 255;

    /// <summary>Packed strings hold at most so many characters.</summary>
    internal const int MaxPacked = 127;

    /// <summary>
    /// Servers of a <see cref="DeviceJid"/> by its first byte; null for a number without a meaning. Baileys (src/WABinary/decode.ts) takes
    /// those for phone numbers, which would make a stranger of whoever a later server puts there.
    /// </summary>
    internal static string? ServerOfDomain(byte domain) => domain switch
    {
        0 => Jids.JidServers.Phone,
        1 => Jids.JidServers.Lid,
        128 => Jids.JidServers.Hosted,
        129 => Jids.JidServers.HostedLid,
        _ => null,
    };

    /// <summary>The first byte of a <see cref="DeviceJid"/> for a server, or null when the server has none.</summary>
    internal static byte? DomainOfServer(string server) => server switch
    {
        Jids.JidServers.Phone => 0,
        Jids.JidServers.Lid => 1,
        Jids.JidServers.Hosted => 128,
        Jids.JidServers.HostedLid => 129,
        _ => null,
    };
}
