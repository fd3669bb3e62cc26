using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>DELETE /chat/deleteMessageForEveryone/{instanceName}</c>.</summary>
internal sealed class DeleteMessageForEveryone(IInstanceHosts hosts)
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
        var sender = chat.IsGroup && Jid.TryParse(call.Body.TextOf("participant"), out var participant) ? participant.ToUser() : (Jid?)null;
        var revoke = new OutgoingRevoke(call.Body.TextOf("id")!, call.Body.IsTrue("fromMe"), sender);
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
}
