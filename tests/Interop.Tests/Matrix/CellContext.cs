using Evolution.Proto;
using Evolution.Protocol.Jids;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>Who writes to whom and where.</summary>
/// <param name="Place">The kind of chat.</param>
/// <param name="Chat">Where the message goes.</param>
/// <param name="Sender">Who sends it, in the form of address that the chat uses.</param>
/// <param name="Reader">Who shall read it, likewise.</param>
/// <param name="OtherForms">The other addresses of these two people.</param>
internal sealed record CellContext(Place Place, Jid Chat, Jid Sender, Jid Reader, IReadOnlyList<Jid> OtherForms)
{
    private readonly EarlierMessage? _earlier;

    /// <summary>The message that is answered to or changed.</summary>
    /// <exception cref="InvalidOperationException">The row asked for none.</exception>
    public EarlierMessage Earlier
    {
        get => _earlier ?? throw new InvalidOperationException("This content asked for no earlier message.");
        init => _earlier = value;
    }

    /// <summary>Who may read a status.</summary>
    public IReadOnlyList<Jid> StatusReaders { get; init; } = Place == Place.Status ? [Reader] : [];

    /// <summary>Who wrote the earlier message.</summary>
    public Jid EarlierAuthor => Earlier.IsOwn ? Sender : Reader;

    /// <summary>The earlier message's key as the sender sees it.</summary>
    public MessageKey EarlierKey()
    {
        var key = new MessageKey { RemoteJid = Chat.ToString(), FromMe = Earlier.IsOwn, Id = Earlier.Id };
        if (Place is Place.Group or Place.Status && !Earlier.IsOwn)
            key.Participant = Reader.ToString();
        return key;
    }

    /// <summary>The same for a driver's JSON.</summary>
    public object EarlierKeyJson() => Place is Place.Group or Place.Status && !Earlier.IsOwn
        ? new { remoteJid = Chat.ToString(), fromMe = Earlier.IsOwn, id = Earlier.Id, participant = Reader.ToString() }
        : new { remoteJid = Chat.ToString(), fromMe = Earlier.IsOwn, id = Earlier.Id };
}
