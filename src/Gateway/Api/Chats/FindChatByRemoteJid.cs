using Evolution.Gateway.EvolutionWire;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>GET /chat/findChatByRemoteJid/{instanceName}?remoteJid=</c>.</summary>
internal sealed class FindChatByRemoteJid(ChatStore chats)
{
    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        if (call.Query("remoteJid") is not { } jid)
            return new ApiReply(StatusCodes.Status400BadRequest, """{"error":"remoteJid is a required query parameter"}"""u8.ToArray());
        var chat = await chats.FindByRemoteJidAsync(call.Instance.Id, jid, call.Aborted);
        return ApiReply.Ok(writer =>
        {
            if (chat is null)
            {
                writer.WriteNullValue();
                return;
            }

            writer.WriteStartObject();
            writer.WriteString("id", chat.Id);
            writer.WriteString("remoteJid", chat.RemoteJid);
            writer.WriteStringOrNull("name", chat.Name);
            writer.WritePropertyName("labels");
            writer.WriteRawValue(chat.Labels ?? "null", skipInputValidation: true);
            writer.WriteString("createdAt", WireJson.Time(chat.CreatedAt));
            writer.WriteString("updatedAt", WireJson.Time(chat.UpdatedAt));
            writer.WriteString("instanceId", call.Instance.Id);
            writer.WriteNumber("unreadMessages", chat.UnreadMessages);
            writer.WriteEndObject();
        });
    }
}
