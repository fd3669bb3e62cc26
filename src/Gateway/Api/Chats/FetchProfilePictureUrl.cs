using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>POST /chat/fetchProfilePictureUrl/{instanceName}</c>: where the picture of a person or group lies. Null for whatever reason there is none.</summary>
internal sealed class FetchProfilePictureUrl(IInstanceHosts hosts, Recipients recipients)
{
    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var number = ProfileRequest.NumberOf(call) ?? throw ApiException.BadRequest("number is required");
        var profiles = hosts.HostOf(call.Instance).Provider.Require<IReadsProfiles>();
        var jid = RecipientNumber.Parse(number);
        Uri? picture = null;
        try
        {
            var found = await recipients.LookUpAsync(call, number);
            jid = found.Jid;
            picture = found is { Exists: true, Jid: { } target } ? await profiles.FindPictureAsync(target, call.Aborted) : null;
        }
        catch (ProviderException)
        {
            // Clients know no other answer.
        }

        return Answer(jid, picture);
    }

    private static ApiReply Answer(Jid? jid, Uri? picture) => ApiReply.Ok(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("wuid", jid?.ToString() ?? "");
        writer.WriteStringOrNull("profilePictureUrl", picture?.AbsoluteUri);
        writer.WriteEndObject();
    });
}
