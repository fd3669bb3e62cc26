using Evolution.Client.Addressing;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Jids;

namespace Evolution.Client.History;

/// <summary>Gathers parts of a history until there is enough for one commit.</summary>
internal sealed class HistoryBatch
{
    private const int MaxMessages = 500;
    private const int MaxOthers = 1_000;

    public List<(Jid Chat, Conversation Conversation)> Chats { get; } = [];

    public List<WebMessageInfo> Messages { get; } = [];

    public List<(Jid User, string? Name, string? PushName)> People { get; } = [];

    public List<AddressMapping> Mappings { get; } = [];

    public bool IsFull => Messages.Count >= MaxMessages || Chats.Count + People.Count + Mappings.Count >= MaxOthers;

    public bool IsEmpty => Chats.Count + Messages.Count + People.Count + Mappings.Count == 0;

    public void Add(PhoneNumberToLIDMapping mapping)
    {
        if (Jid.TryParse(mapping.PnJid, out var phone) && Jid.TryParse(mapping.LidJid, out var lid) && AddressBook.Pair(phone, lid) is { } pair)
            Mappings.Add(pair);
    }

    public void Add(Pushname pushname)
    {
        if (Jid.TryParse(pushname.Id, out var user) && pushname.HasPushname_)
            People.Add((user.ToUser(), null, pushname.Pushname_));
    }

    /// <summary>Adds a chat without its messages, and what it tells about a person.</summary>
    public void Add(Jid chat, Conversation conversation)
    {
        Chats.Add((chat, conversation));
        if (!chat.IsUser)
            return;
        if (Jid.TryParse(chat.IsLid ? conversation.PnJid : conversation.LidJid, out var other) && AddressBook.Pair(chat, other) is { } pair)
            Mappings.Add(pair);
        var name = conversation.HasDisplayName ? conversation.DisplayName : conversation.HasName ? conversation.Name : null;
        if (name is not null)
            People.Add((chat, name, null));
    }
}
