namespace Evolution.Simulator.Accounts;

/// <summary>What a person sets on the phone or on a linked device. Stored as JSON; changes replace whole values.</summary>
internal sealed record AccountSettings
{
    /// <summary>Privacy category → value, in WhatsApp's words.</summary>
    public Dictionary<string, string> Privacy { get; init; } = new(StringComparer.Ordinal)
    {
        ["readreceipts"] = "all",
        ["last"] = "all",
        ["online"] = "all",
        ["profile"] = "all",
        ["status"] = "contacts",
        ["groupadd"] = "all",
        ["calladd"] = "all",
        ["messages"] = "all",
    };

    /// <summary>Numbers whose messages are not delivered.</summary>
    public HashSet<string> Blocked { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The "about" line.</summary>
    public string About { get; set; } = "Hey there! I am using WhatsApp.";

    /// <summary>The profile picture; null for none.</summary>
    public ProfilePicture? Picture { get; set; }

    /// <summary>Seconds of the default disappearing-message timer; 0 = off.</summary>
    public int DisappearingSeconds { get; set; }

    /// <summary>Whether messages of this phone are addressed by LID unless a message says otherwise.</summary>
    public bool AddressByLid { get; set; }
}
