using Evolution.Client;

namespace Evolution.Storage.Messages;

/// <summary>
/// A message, as it is stored and as find routes show it. JIDs are text as clients see them: the phone JID wherever it is known.
/// JSON is text, made by the gateway.
/// </summary>
public sealed record MessageRow
{
    /// <summary>The row's id, from <see cref="RowId"/>.</summary>
    public required string Id { get; init; }

    /// <summary>WhatsApp's message id (<c>key.id</c>).</summary>
    public required string KeyId { get; init; }

    /// <summary><c>key.remoteJid</c>.</summary>
    public required string RemoteJid { get; init; }

    /// <summary><c>key.remoteJidAlt</c>.</summary>
    public string? RemoteJidAlt { get; init; }

    /// <summary><c>key.remoteLid</c>.</summary>
    public string? RemoteLid { get; init; }

    /// <summary><c>key.fromMe</c>.</summary>
    public required bool FromMe { get; init; }

    /// <summary><c>key.participant</c>; an empty text is not the same as none.</summary>
    public string? Participant { get; init; }

    /// <summary><c>key.participantAlt</c>.</summary>
    public string? ParticipantAlt { get; init; }

    /// <summary><c>key.participantLid</c>.</summary>
    public string? ParticipantLid { get; init; }

    /// <summary><c>key.addressingMode</c>: <c>pn</c> or <c>lid</c>.</summary>
    public string? AddressingMode { get; init; }

    /// <summary>Rare members of the key, as a JSON object.</summary>
    public string? KeyExtra { get; init; }

    public string? PushName { get; init; }

    public required string MessageType { get; init; }

    /// <summary>The content as a JSON object.</summary>
    public required string Message { get; init; }

    /// <summary>The context as a JSON object.</summary>
    public string? ContextInfo { get; init; }

    /// <summary><c>ios</c>, <c>android</c>, <c>web</c>, <c>desktop</c> or <c>unknown</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long MessageTimestamp { get; init; }

    /// <summary>How far it got; null when nothing is known.</summary>
    public MessageStatus? Status { get; init; }

    /// <summary>Whether it stands for a message that could not be read yet; the next one with the same key replaces it.</summary>
    public bool IsPlaceholder { get; init; }

    /// <summary>Where its file lies in the object store; null when it does not.</summary>
    public string? MediaObject { get; init; }
}
