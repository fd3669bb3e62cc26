using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>DELETE /chat/deleteMessageForEveryone/{instanceName}</c>.</summary>
internal sealed class DeleteMessageForEveryone(IInstanceHosts hosts, MessageStore messages)
{
    public static Schema Body { get; } = Schema.Object
        .Properties(
            ("id", Schema.String),
            ("fromMe", Schema.Boolean.Enum("true", "false")),
            ("remoteJid", Schema.String),
            ("participant", Schema.String))
        .Required("id", "fromMe", "remoteJid")
        .NotEmpty("id", "remoteJid", "participant");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var number = call.Body.TextOf("remoteJid")!;
        if (RecipientNumber.Parse(number) is not { } chat)
            throw ApiException.BadRequest($"\"{number}\" is no number");
        var revoke = await RevokeAsync(call, chat);
        try
        {
            var sends = hosts.HostOf(call.Instance).Provider.Require<ISendsMessages>();
            var sent = await sends.SendAsync(new OutgoingMessage { To = chat, Content = revoke }, call.Aborted);
            return new ApiReply(StatusCodes.Status201Created, sent.Record);
        }
        catch (ProviderException e)
        {
            throw ApiException.Failed("Error while deleting message for everyone", $"Error: {e.Message}");
        }
    }

    // An admin who takes back what another wrote has to name him, or phones do nothing. The stored message knows; Evolution leaves it to the client.
    private async Task<OutgoingRevoke> RevokeAsync(ApiCall call, Jid chat)
    {
        var id = call.Body.TextOf("id")!;
        if (!chat.IsGroup)
            return new OutgoingRevoke(id, call.Body.IsTrue("fromMe"), Sender: null);
        var stored = await messages.FindByKeyAsync(call.Instance.Id, id, chat.ToString(), call.Aborted);
        var fromMe = stored?.FromMe ?? call.Body.IsTrue("fromMe");
        var given = Jid.TryParse(call.Body.TextOf("participant"), out var participant) ? participant.ToUser() : (Jid?)null;
        return new OutgoingRevoke(id, fromMe, fromMe ? null : (stored is null ? null : MessageRecordKey.AddressedSender(stored)) ?? given);
    }
}
