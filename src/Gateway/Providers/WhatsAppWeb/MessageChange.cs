using Evolution.Client.Messages;
using Evolution.Proto;
using ProtocolType = Evolution.Proto.Message.Types.ProtocolMessage.Types.Type;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>A content that edits an earlier message or takes it back.</summary>
internal sealed class MessageChange
{
    private MessageChange(Message.Types.ProtocolMessage protocol) => Protocol = protocol;

    /// <summary>The change as it was sent.</summary>
    public Message.Types.ProtocolMessage Protocol { get; }

    /// <summary>The message that changes.</summary>
    public string TargetId => Protocol.Key.Id;

    /// <summary>The new content; null when the message is taken back.</summary>
    public Message? Edited => Protocol.Type == ProtocolType.MessageEdit ? Protocol.EditedMessage : null;

    /// <summary>Whether whoever sends it says that the message is somebody else's.</summary>
    public bool IsOfAnother => Protocol.Key is { FromMe: false } key && (key.HasFromMe || key.HasParticipant);

    /// <summary>The edit that a sealed reply turned out to be. It may come as a change of its own or as the new content alone.</summary>
    /// <param name="id">The message that it was sealed for: no other changes.</param>
    public static MessageChange OfOpened(string id, Message content)
    {
        var edited = Of(content)?.Edited ?? content;
        return new MessageChange(new Message.Types.ProtocolMessage { Key = new MessageKey { Id = id }, Type = ProtocolType.MessageEdit, EditedMessage = edited });
    }

    /// <returns>Null when the content is anything else.</returns>
    public static MessageChange? Of(Message content)
    {
        // WhatsApp's own clients wrap an edit, libraries send it bare.
        if (MessageContents.Unwrap(content).ProtocolMessage is not { HasType: true, Key.HasId: true } protocol)
            return null;
        return protocol.Type switch
        {
            ProtocolType.Revoke => new MessageChange(protocol),
            ProtocolType.MessageEdit when protocol.EditedMessage is not null => new MessageChange(protocol),
            _ => null,
        };
    }
}
