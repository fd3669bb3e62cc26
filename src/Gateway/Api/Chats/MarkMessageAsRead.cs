using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>POST /chat/markMessageAsRead/{instanceName}</c>.</summary>
internal sealed class MarkMessageAsRead(IInstanceHosts hosts)
{
    public static Schema Body { get; } = Schema.Object
        .Properties(("readMessages", Schema.Array
            .MinItems(1)
            .UniqueItems()
            .Items(new Schema()
                .Properties(("id", Schema.String), ("fromMe", Schema.Boolean.Enum("true", "false")), ("remoteJid", Schema.String))
                .Required("id", "fromMe", "remoteJid")
                .NotEmpty("id", "remoteJid"))))
        .Required("readMessages");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var reads = hosts.HostOf(call.Instance).Provider.Require<IMarksRead>();
        var marks = new List<ReadMark>();
        foreach (var key in call.Body.ArrayOf("readMessages").EnumerateArray())
        {
            // Own messages and lists have no one to tell. Evolution drops LIDs as well, and the participant; both are accepted here.
            if (!key.IsTrue("fromMe") && key.TextOf("id") is { Length: > 0 } id
                && Jid.TryParse(key.TextOf("remoteJid"), out var chat) && (chat.IsUser || chat.IsGroup || chat.IsStatus))
            {
                marks.Add(new ReadMark(id, chat.ToUser(), Jid.TryParse(key.TextOf("participant"), out var participant) ? participant.ToUser() : null));
            }
        }

        try
        {
            if (marks.Count > 0)
                await reads.MarkReadAsync(marks, call.Aborted);
        }
        catch (ProviderException e)
        {
            throw ApiException.Failed("Read messages fail", $"Error: {e.Message}");
        }

        return ApiReply.Created(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("message", "Read messages");
            writer.WriteString("read", "success");
            writer.WriteEndObject();
        });
    }
}
