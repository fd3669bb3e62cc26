using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;

namespace Evolution.Storage.Tests.Messages;

/// <summary>Rows of a text from Ana, known by a phone number and by a LID.</summary>
internal static class SampleRows
{
    public static readonly Jid Phone = Jid.ForPhone("5511999990001");
    public static readonly Jid Lid = Jid.ForLid("111222333444555");

    public static InsertMessage Insert(string id, Jid? chat = null, bool fromMe = false) =>
        new(chat ?? Phone, fromMe ? Jid.ForPhone("5511999990009") : chat ?? Phone, Row(id, chat) with { FromMe = fromMe });

    public static MessageRow Row(string id, Jid? chat = null) => new()
    {
        Id = RowId.New(TimeProvider.System),
        KeyId = id,
        RemoteJid = (chat ?? Phone).ToString(),
        AddressingMode = (chat ?? Phone).IsLid ? "lid" : "pn",
        FromMe = false,
        Participant = string.Empty,
        MessageType = "conversation",
        Message = $$"""{"conversation":"{{id}}"}""",
        Source = "android",
        MessageTimestamp = 100,
    };
}
