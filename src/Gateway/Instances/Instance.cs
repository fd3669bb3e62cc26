using Evolution.Storage.Instances;
using Evolution.Storage.Settings;

namespace Evolution.Gateway.Instances;

/// <summary>A known instance: what does not change, and its settings and webhook as they were last stored.</summary>
internal sealed class Instance(InstanceRow row, SettingsRow settings, WebhookSubscription? webhook)
{
    private int leaving;
    private volatile SettingsRow settings = settings;
    private volatile WebhookSubscription? webhook = webhook;

    /// <summary>UUID.</summary>
    public string Id { get; } = row.Id;

    /// <summary>Any text; unique, compared exactly.</summary>
    public string Name { get; } = row.Name;

    /// <summary>The instance's own API key. Not unique.</summary>
    public string Token { get; } = row.Token;

    /// <summary>One of <see cref="EvolutionWire.Integrations"/>.</summary>
    public string Integration { get; } = row.Integration;

    /// <summary>The account it was logged in to when it was loaded; the provider knows the present one.</summary>
    public string? OwnerJid { get; } = row.OwnerJid;

    /// <summary>Where that account's picture lay then.</summary>
    public string? ProfilePicUrl { get; } = row.ProfilePicUrl;

    public DateTimeOffset CreatedAt { get; } = row.CreatedAt;

    /// <summary>In force at once when they are stored.</summary>
    public SettingsRow Settings { get => settings; set => settings = value; }

    /// <summary>Null when none was ever set.</summary>
    public WebhookSubscription? Webhook { get => webhook; set => webhook = value; }

    /// <summary>Whether events and send answers carry the files of their messages. It acts on all subscribers, as in Evolution.</summary>
    public bool ShowsFiles => Webhook is { Enabled: true, Row.WebhookBase64: true };

    /// <summary>Whether its deletion has begun: nobody finds it any more, and nothing is started for it.</summary>
    public bool IsLeaving => Volatile.Read(ref leaving) != 0;

    /// <summary>Held while settings or webhook are stored, so that memory and database see the same order.</summary>
    public SemaphoreSlim Changing { get; } = new(1, 1);

    /// <summary>Begins its deletion.</summary>
    /// <returns>False when it has begun already.</returns>
    public bool TryLeave() => Interlocked.Exchange(ref leaving, 1) == 0;

    /// <summary>Its deletion failed: it is there as before.</summary>
    public void Stay() => Volatile.Write(ref leaving, 0);
}
