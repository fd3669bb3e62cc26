using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;
using ProtocolType = Evolution.Proto.Message.Types.ProtocolMessage.Types.Type;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>What acts on an earlier message.</summary>
internal static class ChangeRows
{
    private const int Day = 86_400;

    public static IReadOnlyList<MatrixRow> All { get; } =
    [
        Reaction("reaction", "👍") with { InGate = true },
        Reaction("reaction taken back", ""),
        new("edit")
        {
            After = Earlier.OwnText,
            Content = at => Protocol(at, ProtocolType.MessageEdit, new Message { ExtendedTextMessage = new() { Text = "second words" } }),
            Product = at => TextRows.To(at, new OutgoingEdit(at.Earlier.Id, "second words", Media: null)),
            Baileys = at => new(new { text = "second words", edit = at.EarlierKeyJson() }),
            NotAt = Places.InChats,
        },
        new("revoke")
        {
            After = Earlier.OwnText,
            Content = at => Protocol(at, ProtocolType.Revoke, null),
            Product = at => TextRows.To(at, new OutgoingRevoke(at.Earlier.Id, FromMe: true, Sender: null)),
            Baileys = at => new(new { delete = at.EarlierKeyJson() }),
            NotAt = Places.InChats,
        },
        new("revoke by an administrator")
        {
            After = Earlier.OthersText,
            Content = at => Protocol(at, ProtocolType.Revoke, null),
            Product = at => TextRows.To(at, new OutgoingRevoke(at.Earlier.Id, FromMe: false, at.Reader)),
            Baileys = at => new(new { delete = at.EarlierKeyJson() }),
            NotAt = Places.OfAdministrators,
        },
        new("pin")
        {
            After = Earlier.OthersText,
            Content = at => new Message
            {
                PinInChatMessage = new() { Key = at.EarlierKey(), Type = Message.Types.PinInChatMessage.Types.Type.PinForAll, SenderTimestampMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() },
                MessageContextInfo = new() { MessageAddOnDurationInSecs = Day },
            },
            Baileys = at => new(new { pin = at.EarlierKeyJson(), type = 1, time = Day }),
            NotAt = Places.InChats,
        },
        new("keep")
        {
            After = Earlier.OthersText,
            Content = at => new Message { KeepInChatMessage = new() { Key = at.EarlierKey(), KeepType = KeepType.KeepForAll } },
            NotAt = Places.InChats,
        },
    ];

    private static MatrixRow Reaction(string name, string emoji) => new(name)
    {
        After = Earlier.OthersText,
        Content = at => new Message { ReactionMessage = new() { Key = at.EarlierKey(), Text = emoji } },
        Product = at => TextRows.To(at, new OutgoingReaction(at.Earlier.Id, FromMe: false, at.Place == Place.Group ? at.Reader : null, emoji)),
        Baileys = at => new(new { react = new { text = emoji, key = at.EarlierKeyJson() } }),
        Rust = at => new("react", new { to = at.Chat.ToString(), key = at.EarlierKeyJson(), emoji }),
        NotAt = Places.InChats,
    };

    private static Message Protocol(CellContext at, ProtocolType type, Message? edited) => new()
    {
        ProtocolMessage = new() { Key = at.EarlierKey(), Type = type, EditedMessage = edited },
    };
}
