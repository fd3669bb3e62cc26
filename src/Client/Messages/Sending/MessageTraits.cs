using Evolution.Proto;
using Evolution.Protocol.Nodes;
using ProtocolType = Evolution.Proto.Message.Types.ProtocolMessage.Types.Type;

namespace Evolution.Client.Messages.Sending;

/// <summary>What the server is told about a message it can't read. Source: Baileys Socket/messages-send.ts (getMessageType, getMediaType, relayMessage, sendMessage).</summary>
/// <param name="Type">The stanza's <c>type</c>.</param>
/// <param name="MediaType">The <c>mediatype</c> of each enc; null for none.</param>
/// <param name="HideOnFailure">Whether a device that can't decrypt shows nothing at all (<c>decrypt-fail=hide</c>).</param>
/// <param name="Edit">The stanza's <c>edit</c>; null for an ordinary message.</param>
/// <param name="Meta">The <c>meta</c> node, or null.</param>
internal sealed record MessageTraits(string Type, string? MediaType, bool HideOnFailure, string? Edit, Node? Meta)
{
    public static MessageTraits Of(Message message, bool toGroup)
    {
        var content = MessageContents.Unwrap(message);
        return new MessageTraits(
            TypeOf(content),
            // Of the message as it stands: a view-once image is type=media without a mediatype.
            MediaTypeOf(message),
            content.ReactionMessage is not null || content.PinInChatMessage is not null,
            EditOf(content, toGroup),
            MetaOf(content));
    }

    private static string TypeOf(Message content)
    {
        if (content.ReactionMessage is not null || content.EncReactionMessage is not null)
            return "reaction";
        if (IsPoll(content) || content.PollUpdateMessage is not null)
            return "poll";
        if (content.EventMessage is not null)
            return "event";
        return MediaTypeOf(content) is null ? "text" : "media";
    }

    private static bool IsPoll(Message content) =>
        content.PollCreationMessage is not null || content.PollCreationMessageV2 is not null || content.PollCreationMessageV3 is not null
        || content.PollCreationMessageV5 is not null;

    private static string? MediaTypeOf(Message message) => message switch
    {
        { ImageMessage: not null } => "image",
        { VideoMessage: { } video } => video.GifPlayback ? "gif" : "video",
        { AudioMessage: { } audio } => audio.Ptt ? "ptt" : "audio",
        { ContactMessage: not null } => "vcard",
        { DocumentMessage: not null } => "document",
        { ContactsArrayMessage: not null } => "contact_array",
        { LiveLocationMessage: not null } => "livelocation",
        { StickerMessage: not null } => "sticker",
        { ListMessage: not null } => "list",
        { ListResponseMessage: not null } => "list_response",
        { ButtonsResponseMessage: not null } => "buttons_response",
        { OrderMessage: not null } => "order",
        { ProductMessage: not null } => "product",
        { InteractiveResponseMessage: not null } => "native_flow_response",
        { GroupInviteMessage: not null } => "url",
        _ => null,
    };

    private static string? EditOf(Message content, bool toGroup)
    {
        if (content.PinInChatMessage is not null)
            return "2";
        if (content.ProtocolMessage is not { HasType: true } protocol)
            return null;
        return protocol.Type switch
        {
            ProtocolType.MessageEdit => "1",
            // An admin revokes what another wrote.
            ProtocolType.Revoke => toGroup && !protocol.Key.FromMe ? "8" : "7",
            _ => null,
        };
    }

    private static Node? MetaOf(Message content)
    {
        if (IsPoll(content))
            return new Node("meta", new NodeAttributes { { "polltype", "creation" } });
        if (content.EventMessage is not null)
            return new Node("meta", new NodeAttributes { { "event_type", "creation" } });
        return null;
    }
}
