using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Google.Protobuf;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Builds contents as WhatsApp Web does (Baileys: src/Utils/messages.ts), and buttons and lists as Evolution does.</summary>
internal static class OutgoingContents
{
    /// <param name="message">What to send.</param>
    /// <param name="own">This account, without a device.</param>
    /// <param name="now">For what carries a time of its own.</param>
    /// <param name="picture">The uploaded picture of a content that has one beside its text; null for none.</param>
    public static Message Of(OutgoingMessage message, Jid own, DateTimeOffset now, Message.Types.ImageMessage? picture = null)
    {
        var context = OutgoingContext.Of(message, own);
        return message.Content switch
        {
            OutgoingText text => new Message { ExtendedTextMessage = Text(text, context) },
            OutgoingLocation location => new Message { LocationMessage = Location(location, context) },
            OutgoingContacts { Cards: [var card] } => new Message { ContactMessage = Contact(card, context) },
            OutgoingContacts contacts => new Message { ContactsArrayMessage = Contacts(contacts, context) },
            OutgoingReaction reaction => new Message { ReactionMessage = Reaction(reaction, message.To, now) },
            OutgoingPoll { Selectable: 1 } poll => new Message { PollCreationMessageV3 = Poll(poll, context) },
            OutgoingPoll poll => new Message { PollCreationMessage = Poll(poll, context) },
            OutgoingList list => new Message { ListMessage = List(list, context) },
            OutgoingButtons buttons => new Message { ViewOnceMessage = new Message.Types.FutureProofMessage { Message = Buttons(buttons, context, picture) } },
            OutgoingEdit edit => new Message { ProtocolMessage = OutgoingChanges.Of(edit, message.To, now) },
            OutgoingRevoke revoke => new Message { ProtocolMessage = OutgoingChanges.Of(revoke, message.To) },
            var other => throw new ProviderException(ProviderError.Refused, $"{other.GetType().Name} can't be sent on this channel"),
        };
    }

    private static Message.Types.ExtendedTextMessage Text(OutgoingText text, ContextInfo? context)
    {
        var extended = new Message.Types.ExtendedTextMessage { Text = text.Text, ContextInfo = context };
        if (text.Preview is { } preview)
        {
            extended.MatchedText = preview.MatchedText;
            extended.Title = preview.Title;
            extended.PreviewType = Message.Types.ExtendedTextMessage.Types.PreviewType.None;
            if (preview.Description is not null)
                extended.Description = preview.Description;
            if (preview.Thumbnail is not null)
                extended.JpegThumbnail = ByteString.CopyFrom(preview.Thumbnail);
        }

        if (text.Look is { } look)
        {
            extended.BackgroundArgb = look.Background;
            extended.Font = (Message.Types.ExtendedTextMessage.Types.FontType)look.Font;
        }

        return extended;
    }

    private static Message.Types.LocationMessage Location(OutgoingLocation location, ContextInfo? context) => new()
    {
        DegreesLatitude = location.Latitude,
        DegreesLongitude = location.Longitude,
        Name = location.Name,
        Address = location.Address,
        ContextInfo = context,
    };

    private static Message.Types.ContactMessage Contact(ContactCard card, ContextInfo? context) =>
        new() { DisplayName = card.Name, Vcard = card.VCard, ContextInfo = context };

    private static Message.Types.ContactsArrayMessage Contacts(OutgoingContacts contacts, ContextInfo? context) => new()
    {
        DisplayName = $"{contacts.Cards.Count} contacts",
        Contacts = { contacts.Cards.Select(card => Contact(card, context: null)) },
        ContextInfo = context,
    };

    private static Message.Types.ReactionMessage Reaction(OutgoingReaction reaction, Jid chat, DateTimeOffset now)
    {
        var key = new MessageKey { RemoteJid = chat.ToString(), FromMe = reaction.FromMe, Id = reaction.Id };
        if (reaction.Sender is { } sender && !reaction.FromMe)
            key.Participant = sender.ToString();
        return new Message.Types.ReactionMessage { Key = key, Text = reaction.Emoji, SenderTimestampMs = now.ToUnixTimeMilliseconds() };
    }

    private static Message.Types.PollCreationMessage Poll(OutgoingPoll poll, ContextInfo? context) => new()
    {
        Name = poll.Name,
        Options = { poll.Options.Select(option => new Message.Types.PollCreationMessage.Types.Option { OptionName = option }) },
        SelectableOptionsCount = (uint)poll.Selectable,
        ContextInfo = context,
    };

    private static Message.Types.ListMessage List(OutgoingList list, ContextInfo? context)
    {
        var message = new Message.Types.ListMessage
        {
            Title = list.Title,
            ButtonText = list.ButtonText,
            FooterText = list.Footer,
            ListType = Message.Types.ListMessage.Types.ListType.SingleSelect,
            Sections = { list.Sections.Select(Section) },
            ContextInfo = context,
        };
        if (list.Description is not null)
            message.Description = list.Description;
        return message;
    }

    private static Message.Types.ListMessage.Types.Section Section(ListSection section) => new()
    {
        Title = section.Title,
        Rows = { section.Rows.Select(Row) },
    };

    private static Message.Types.ListMessage.Types.Row Row(ListRow row)
    {
        var made = new Message.Types.ListMessage.Types.Row { RowId = row.Id, Title = row.Title };
        if (row.Description is not null)
            made.Description = row.Description;
        return made;
    }

    private static Message Buttons(OutgoingButtons buttons, ContextInfo? context, Message.Types.ImageMessage? picture)
    {
        var flow = new Message.Types.InteractiveMessage.Types.NativeFlowMessage
        {
            MessageParamsJson = $$"""{"from":"api","templateId":"{{Guid.NewGuid()}}"}""",
            Buttons =
            {
                buttons.Buttons.Select(button => new Message.Types.InteractiveMessage.Types.NativeFlowMessage.Types.NativeFlowButton
                {
                    Name = button.Name,
                    ButtonParamsJson = button.ParametersJson,
                }),
            },
        };
        var interactive = new Message.Types.InteractiveMessage { NativeFlowMessage = flow, ContextInfo = context };
        if (buttons.Body is not null)
        {
            interactive.Body = new Message.Types.InteractiveMessage.Types.Body { Text = buttons.Body };
            interactive.Footer = new Message.Types.InteractiveMessage.Types.Footer();
            if (buttons.Footer is not null)
                interactive.Footer.Text = buttons.Footer;
        }

        if (picture is not null)
            interactive.Header = new Message.Types.InteractiveMessage.Types.Header { HasMediaAttachment = true, ImageMessage = picture };
        return new Message { InteractiveMessage = interactive };
    }
}
