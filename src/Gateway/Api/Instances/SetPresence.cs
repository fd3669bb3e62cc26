using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;

namespace Evolution.Gateway.Api.Instances;

/// <summary><c>POST /instance/setPresence/{instanceName}</c>: shows the account as there or not there.</summary>
internal sealed class SetPresence(IInstanceHosts hosts)
{
    public static Schema Body { get; } = Schema.Object
        .Properties(("presence", Schema.String.Enum([.. PresenceNames.All])))
        .Required("presence");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var word = call.Body.TextOf("presence")!;
        var presence = hosts.HostOf(call.Instance).Provider.Require<IShowsPresence>();
        try
        {
            // The other words are about one chat, and none is named here: Evolution accepts them and nothing comes of it.
            if (word is PresenceNames.Available or PresenceNames.Unavailable)
                await presence.ShowAvailabilityAsync(word == PresenceNames.Available, call.Aborted);
        }
        catch (ProviderException e)
        {
            throw ApiException.BadRequest($"Error: {e.Message}");
        }

        return ApiReply.Created(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("presence", word);
            writer.WriteEndObject();
        });
    }
}
