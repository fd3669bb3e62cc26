using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Evolution.Protocol.Jids;

/// <summary>
/// An address in WhatsApp: a user, one of a user's devices, a group, a list, a newsletter, or the server.
/// Text form <c>user[:device]@server</c>; device 0 (the phone) is left out. For interoperability users the text is
/// <c>integrator-user[:device]@interop</c>.
/// </summary>
public readonly record struct Jid
{
    private readonly string? _user;
    private readonly string? _server;

    /// <param name="user">User part; empty for the server itself.</param>
    /// <param name="server">One of <see cref="JidServers"/>; <c>c.us</c> is normalised.</param>
    /// <param name="device">0 is the phone, 1 to 98 companions, 99 a device hosted by Meta.</param>
    /// <param name="integrator">The other messenger's number; only for <see cref="JidServers.Interop"/>.</param>
    public Jid(string user, string server, ushort device = 0, ushort integrator = 0)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentException.ThrowIfNullOrEmpty(server);
        _user = user;
        _server = server == JidServers.Legacy ? JidServers.Phone : server;
        Device = device;
        Integrator = integrator;
    }

    /// <summary>WhatsApp's server, <c>@s.whatsapp.net</c>.</summary>
    public static Jid WhatsAppServer { get; } = new("", JidServers.Phone);

    /// <summary>The statuses, <c>status@broadcast</c>.</summary>
    public static Jid Status { get; } = new("status", JidServers.Broadcast);

    /// <summary>The groups' server, <c>@g.us</c>.</summary>
    public static Jid GroupServer { get; } = new("", JidServers.Group);

    /// <summary>User part; empty for a server or the default value.</summary>
    public string User => _user ?? "";

    /// <summary>Server part; empty only in the default value.</summary>
    public string Server => _server ?? "";

    /// <summary>Device number; 0 is the phone.</summary>
    public ushort Device { get; }

    /// <summary>The other messenger's number; 0 unless the server is <see cref="JidServers.Interop"/>.</summary>
    public ushort Integrator { get; }

    /// <summary>True for the default value, which is no address.</summary>
    public bool IsEmpty => _server is null;

    /// <summary>Addressed by phone number (a hosted device included).</summary>
    public bool IsPhone => User.Length > 0 && (Server is JidServers.Phone or JidServers.Hosted);

    /// <summary>Addressed by LID (a hosted device included).</summary>
    public bool IsLid => User.Length > 0 && (Server is JidServers.Lid or JidServers.HostedLid);

    /// <summary>A person, by phone number or LID.</summary>
    public bool IsUser => IsPhone || IsLid;

    /// <summary>A group or community.</summary>
    public bool IsGroup => Server == JidServers.Group && User.Length > 0;

    /// <summary>The statuses.</summary>
    public bool IsStatus => Server == JidServers.Broadcast && User == "status";

    /// <summary>A broadcast list or the statuses.</summary>
    public bool IsBroadcast => Server == JidServers.Broadcast;

    /// <summary>A newsletter.</summary>
    public bool IsNewsletter => Server == JidServers.Newsletter;

    /// <summary>A bot, also the legacy bot phone numbers.</summary>
    public bool IsBot => Server == JidServers.Bot
        || (Server == JidServers.Phone && ((User.Length == 11 && User.StartsWith("1313555", StringComparison.Ordinal))
            || (User.Length == 11 && User.StartsWith("131655500", StringComparison.Ordinal))));

    /// <summary>A device hosted by Meta.</summary>
    public bool IsHosted => Server is JidServers.Hosted or JidServers.HostedLid;

    /// <summary>The name of this user in the Signal layer (Baileys: src/Signal/libsignal.ts; whatsmeow: types/jid.go).</summary>
    public string SignalName => Server switch
    {
        JidServers.Lid => User + "_1",
        JidServers.Hosted => User + "_128",
        JidServers.HostedLid => User + "_129",
        _ => User,
    };

    /// <summary>The address of this device's Signal session.</summary>
    public SignalAddress ToSignalAddress() => new(SignalName, Device);

    /// <summary>A phone-number JID.</summary>
    /// <param name="digits">The number with its country code, digits alone.</param>
    public static Jid ForPhone(string digits) => new(digits, JidServers.Phone);

    /// <summary>A LID.</summary>
    public static Jid ForLid(string user) => new(user, JidServers.Lid);

    /// <summary>The user behind a device; hosted forms become the ordinary ones.</summary>
    public Jid ToUser() => Server switch
    {
        JidServers.Hosted => new Jid(User, JidServers.Phone),
        JidServers.HostedLid => new Jid(User, JidServers.Lid),
        _ => Device == 0 || IsEmpty ? this : new Jid(User, Server, 0, Integrator),
    };

    /// <summary>The same user's device with that number.</summary>
    public Jid WithDevice(ushort device) => new(User, Server, device, Integrator);

    /// <summary>Reads a JID's text form; an agent (<c>user_agent:device@server</c>) is read and dropped.</summary>
    /// <exception cref="FormatException">The text is no JID.</exception>
    public static Jid Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var jid) ? jid : throw new FormatException($"Not a JID ({text.Length} characters).");
    }

    /// <summary>Reads a JID's text form; a text without <c>@</c> is a server (<c>s.whatsapp.net</c>) if it is a known one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Jid jid)
    {
        jid = default;
        if (string.IsNullOrEmpty(text)) return false;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            if (text is not (JidServers.Phone or JidServers.Group or JidServers.Call or JidServers.Legacy)) return false;
            jid = new Jid("", text);
            return true;
        }

        var server = text[(at + 1)..];
        if (server.Length == 0 || server.Contains('@', StringComparison.Ordinal)) return false;
        var user = text.AsSpan(0, at);
        ushort device = 0, integrator = 0;
        var colon = user.LastIndexOf(':');
        if (colon >= 0)
        {
            if (!ushort.TryParse(user[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out device)) return false;
            user = user[..colon];
        }

        var agent = user.LastIndexOf('_');
        if (agent > 0 && server is (JidServers.Phone or JidServers.Legacy or JidServers.Lid or JidServers.Hosted or JidServers.HostedLid))
        {
            if (!byte.TryParse(user[(agent + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _)) return false;
            user = user[..agent];
        }

        if (server == JidServers.Interop)
        {
            var dash = user.IndexOf('-');
            if (dash <= 0 || !ushort.TryParse(user[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out integrator)) return false;
            user = user[(dash + 1)..];
        }

        jid = new Jid(user.ToString(), server, device, integrator);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (IsEmpty) return "";
        var user = Server == JidServers.Interop ? $"{Integrator}-{User}" : User;
        return Device == 0 ? $"{user}@{Server}" : $"{user}:{Device}@{Server}";
    }
}
