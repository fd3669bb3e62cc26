using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Storage.Messages;

/// <summary>Stores a contact or changes it; what is null stays as it is.</summary>
/// <param name="Person">The contact (or group); either form of a person.</param>
/// <param name="RemoteJid">The JID clients see: the phone JID where it is known.</param>
public sealed record UpsertContact(Jid Person, string RemoteJid) : IAttachedWrite
{
    /// <summary>The name the person has set.</summary>
    public string? PushName { get; init; }

    /// <summary>Where the picture is.</summary>
    public string? ProfilePicUrl { get; init; }

    /// <summary>Whether a contact is only changed, never created.</summary>
    public bool OnlyIfStored { get; init; }

    /// <summary>Written only if the contact was not stored before.</summary>
    public IReadOnlyList<IAttachedWrite> WhenCreated { get; init; } = [];

    /// <summary>Written only if the contact was stored and something changed.</summary>
    public IReadOnlyList<IAttachedWrite> WhenChanged { get; init; } = [];
}
