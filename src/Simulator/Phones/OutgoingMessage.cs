namespace Evolution.Simulator.Phones;

/// <summary>How a phone's message goes out, where that is not as usual.</summary>
public sealed record OutgoingMessage
{
    /// <summary>Message id; null makes one.</summary>
    public string? Id { get; init; }

    /// <summary>When the phone says it was sent; null is now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Addressed by LID (true), by phone number (false), or as the phone usually does (null).</summary>
    public bool? ByLid { get; init; }

    /// <summary>The stanza's edit attribute: "1" edit, "2" pin, "7" revoke by the sender.</summary>
    public string? Edit { get; init; }

    /// <summary>
    /// What others' devices find when they decrypt it the first time, padding aside: no message at all, if need be. Null is the content. To people only.
    /// </summary>
    public ReadOnlyMemory<byte>? Plaintext { get; init; }

    /// <summary>The count of an encryption for devices that could not read the message before; null is the first.</summary>
    public int? Count { get; init; }

    /// <summary>The stanza's type; null takes "text".</summary>
    public string? Type { get; init; }
}
