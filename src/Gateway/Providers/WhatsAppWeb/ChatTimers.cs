using Evolution.Client;
using Evolution.Client.History;
using Evolution.Client.Messages;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;
using ProtocolType = Evolution.Proto.Message.Types.ProtocolMessage.Types.Type;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>
/// After how long messages in a chat disappear. Groups say it themselves; in a chat with a person it is known from the message by which either of the two
/// set it, from the history, and from messages that disappear. Each message of ours has to carry it, or it stays on the other phone.
/// </summary>
internal static class ChatTimers
{
    /// <summary>What a content that sets it in a chat with a person says; null for any other content.</summary>
    public static SetChatTimer? Set(MessageInfo info, Message content) =>
        info.Chat.IsUser && MessageContents.Unwrap(content).ProtocolMessage is { HasType: true, Type: ProtocolType.EphemeralSetting } setting
            ? Of(info, setting.EphemeralExpiration)
            : null;

    /// <summary>What the context of a message in a chat with a person says of it; null when nothing. One that stays says nothing: bots leave the time out.</summary>
    public static SetChatTimer? Told(MessageInfo info, ContextInfo? context) =>
        info.Chat.IsUser && context is { Expiration: > 0 and var seconds } ? Of(info, seconds) : null;

    /// <summary>What the history says of a chat with a person; null when nothing.</summary>
    /// <param name="shown">The chat's JID as clients see it.</param>
    public static SetChatTimer? Told(HistoryChat chat, Jid shown) =>
        chat.Chat.IsUser && chat.Conversation.HasEphemeralExpiration ? Of(chat.Chat, shown.ToString(), chat.Conversation.EphemeralExpiration) : null;

    private static SetChatTimer Of(MessageInfo info, uint seconds) => Of(info.CanonicalChat, MessageRecordKey.OfReceived(info).RemoteJid, seconds);

    private static SetChatTimer Of(Jid chat, string shown, uint seconds) => new(chat, shown, seconds > 0 ? seconds : null);
}
