using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers.Outgoing;

/// <summary>What a message says.</summary>
internal abstract record OutgoingContent
{
    /// <summary>The file that it carries; null when it has none.</summary>
    public OutgoingMedia? Attachment() => this switch
    {
        OutgoingMedia media => media,
        OutgoingButtons buttons => buttons.Picture,
        _ => null,
    };
}

/// <param name="Text">Not blank.</param>
/// <param name="Preview">What is shown under it; null for nothing.</param>
internal sealed record OutgoingText(string Text, LinkPreview? Preview) : OutgoingContent
{
    /// <summary>How the text of a status looks; null for other texts.</summary>
    public StatusLook? Look { get; init; }
}

/// <param name="Background">The colour behind the text: alpha, red, green and blue, from the highest byte to the lowest.</param>
/// <param name="Font">The schema's number of the font.</param>
internal sealed record StatusLook(uint Background, int Font);

/// <summary>A place on the map.</summary>
/// <param name="Latitude">Degrees, north is positive.</param>
/// <param name="Longitude">Degrees, east is positive.</param>
internal sealed record OutgoingLocation(double Latitude, double Longitude, string Name, string Address) : OutgoingContent;

/// <summary>An emoji on a message.</summary>
/// <param name="Id">Id of the message.</param>
/// <param name="FromMe">Whether this account wrote it.</param>
/// <param name="Sender">Who wrote it; only set in groups and for statuses.</param>
/// <param name="Emoji">One emoji; empty takes the reaction back.</param>
internal sealed record OutgoingReaction(string Id, bool FromMe, Jid? Sender, string Emoji) : OutgoingContent;

/// <summary>A new text for an earlier message of ours.</summary>
/// <param name="Id">Id of the message.</param>
/// <param name="Media">The image or video under which the text stands, as a serialised <c>Message</c>; null for a text message.</param>
internal sealed record OutgoingEdit(string Id, string Text, ReadOnlyMemory<byte>? Media) : OutgoingContent;

/// <summary>Takes an earlier message back, for everybody.</summary>
/// <param name="Id">Id of the message.</param>
/// <param name="FromMe">Whether this account wrote it.</param>
/// <param name="Sender">Who wrote it; only set in groups, where an administrator may take back what others wrote.</param>
internal sealed record OutgoingRevoke(string Id, bool FromMe, Jid? Sender) : OutgoingContent;

/// <param name="Options">2 to 12 different texts.</param>
/// <param name="Selectable">How many may be chosen; 0 for any number.</param>
internal sealed record OutgoingPoll(string Name, IReadOnlyList<string> Options, int Selectable) : OutgoingContent;

/// <param name="Cards">At least one.</param>
internal sealed record OutgoingContacts(IReadOnlyList<ContactCard> Cards) : OutgoingContent;

/// <param name="Name">The name that is shown.</param>
/// <param name="VCard">The card, vCard 3.0.</param>
internal sealed record ContactCard(string Name, string VCard);

/// <summary>A text with a button that opens a list to choose from.</summary>
internal sealed record OutgoingList(
    string Title, string? Description, string ButtonText, string Footer, IReadOnlyList<ListSection> Sections) : OutgoingContent;

internal sealed record ListSection(string Title, IReadOnlyList<ListRow> Rows);

/// <param name="Id">What comes back when it is chosen.</param>
internal sealed record ListRow(string Id, string Title, string? Description);

/// <summary>A text with buttons.</summary>
/// <param name="Body">Null for a payment, which has a body of its own.</param>
internal sealed record OutgoingButtons(string? Body, string? Footer, IReadOnlyList<MessageButton> Buttons) : OutgoingContent
{
    /// <summary>An image above the text; null for none.</summary>
    public OutgoingMedia? Picture { get; init; }
}

/// <param name="Name">The kind of native flow, such as <c>quick_reply</c>.</param>
/// <param name="ParametersJson">What that kind needs.</param>
internal sealed record MessageButton(string Name, string ParametersJson);
