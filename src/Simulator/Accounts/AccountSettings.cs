using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Evolution.Simulator.Accounts;

/// <summary>What a person sets on the phone or on a linked device. Stored as JSON; changes replace whole values.</summary>
internal sealed record AccountSettings
{
    /// <summary>Privacy category → value, in WhatsApp's words.</summary>
    public ImmutableDictionary<string, string> Privacy { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["readreceipts"] = "all",
        ["last"] = "all",
        ["online"] = "all",
        ["profile"] = "all",
        ["status"] = "contacts",
        ["groupadd"] = "all",
        ["calladd"] = "all",
        ["messages"] = "all",
    }.ToImmutableDictionary();

    /// <summary>Numbers whose messages, calls and typing do not come through, and who do not see whether this person is there.</summary>
    public ImmutableHashSet<string> Blocked { get; set; } = [];

    /// <summary>The "about" line.</summary>
    public string About { get; set; } = "Hey there! I am using WhatsApp.";

    /// <summary>When the "about" line was last changed; null for never.</summary>
    public DateTimeOffset? AboutChangedAt { get; set; }

    /// <summary>What it shows as a business; null for a person's account.</summary>
    public BusinessProfile? Business { get; set; }

    /// <summary>The profile picture; null for none.</summary>
    public ProfilePicture? Picture { get; set; }

    /// <summary>Seconds of the default disappearing-message timer; 0 = off.</summary>
    public int DisappearingSeconds { get; set; }

    /// <summary>Whether nobody may see when this person was last there.</summary>
    [JsonIgnore]
    public bool HidesLastSeen => Privacy.GetValueOrDefault("last") == "none";

    /// <summary>Whether nobody may see that this person is there.</summary>
    [JsonIgnore]
    public bool HidesPresence => HidesLastSeen && Privacy.GetValueOrDefault("online") == "match_last_seen";

    /// <summary>Whether messages of this phone are addressed by LID unless a message says otherwise.</summary>
    public bool AddressByLid { get; set; }
}
