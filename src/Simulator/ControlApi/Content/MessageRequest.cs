using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Simulator.Phones;

namespace Evolution.Simulator.ControlApi.Content;

/// <summary>A message to send: from whom, to which chat, and the JSON that says what.</summary>
internal sealed record MessageRequest(SimulatedWorld World, Phone Sender, PhoneChat Chat, ControlBody Body)
{
    /// <summary>The JID by which both sides name the chat in keys.</summary>
    public string ChatJid => Chat.Jid(ByLid).ToString();

    private bool ByLid => Chat.Group?.ByLid ?? Sender.Account.Settings.AddressByLid;

    /// <summary>The JID of a person by number, in the chat's way of addressing.</summary>
    public string JidOf(string number) => (World.Directory.FindNumber(number)?.Jid(ByLid) ?? Jid.ForPhone(number)).ToString();

    /// <summary>A message of this chat that the sending phone has.</summary>
    /// <exception cref="ControlException">It has none with this id.</exception>
    public PhoneMessage Find(string id) => Sender.FindMessage(id) is { } message && message.Chat == Chat.Key
        ? message
        : throw new ControlException(404, "unknown-message", $"This phone has no message {id} in this chat.");

    /// <summary>As <see cref="Find"/>, for what only the author may do.</summary>
    public PhoneMessage FindOwn(string id) => Find(id) is { FromMe: true } message
        ? message
        : throw new ControlException(409, "not-the-author", $"Message {id} was written by somebody else.");

    public MessageKey KeyOf(PhoneMessage message)
    {
        var key = new MessageKey { RemoteJid = ChatJid, FromMe = message.FromMe, Id = message.Id };
        if (Chat.Person is null)
            key.Participant = JidOf(message.Sender);
        return key;
    }
}
