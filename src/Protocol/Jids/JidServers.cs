namespace Evolution.Protocol.Jids;

/// <summary>The server parts of WhatsApp's JIDs.</summary>
public static class JidServers
{
    /// <summary>Phone-number addresses, and the server itself (with an empty user).</summary>
    public const string Phone = "s.whatsapp.net";

    /// <summary>The legacy text form of <see cref="Phone"/>; parsing turns it into that.</summary>
    public const string Legacy = "c.us";

    /// <summary>Hidden identities (LIDs).</summary>
    public const string Lid = "lid";

    /// <summary>Groups and communities.</summary>
    public const string Group = "g.us";

    /// <summary>Broadcast lists; <c>status</c> as the user means statuses.</summary>
    public const string Broadcast = "broadcast";

    /// <summary>Newsletters, which the apps call channels.</summary>
    public const string Newsletter = "newsletter";

    /// <summary>Bots such as Meta AI.</summary>
    public const string Bot = "bot";

    /// <summary>Call identifiers.</summary>
    public const string Call = "call";

    /// <summary>Devices hosted by Meta (Cloud API), addressed by phone number.</summary>
    public const string Hosted = "hosted";

    /// <summary>Devices hosted by Meta (Cloud API), addressed by LID.</summary>
    public const string HostedLid = "hosted.lid";

    /// <summary>Messenger users.</summary>
    public const string Messenger = "msgr";

    /// <summary>Users of other messengers.</summary>
    public const string Interop = "interop";
}
