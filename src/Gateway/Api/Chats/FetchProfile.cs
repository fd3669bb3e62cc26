using System.Text.Json;
using Evolution.Client.Profiles;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;
using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Chats;

/// <summary>
/// <c>POST /chat/fetchProfile/{instanceName}</c>: name, picture, about line and business profile of a person or group; of the own account without a
/// number. A part that WhatsApp does not give is missing or null, and the others are there all the same.
/// </summary>
internal sealed class FetchProfile(IInstanceHosts hosts, Recipients recipients, ContactStore contacts, ILogger<FetchProfile> logger)
{
    /// <summary>What is checked is not what is read: that is <c>number</c> alone.</summary>
    public static Schema Body { get; } = Schema.Object
        .Properties(("wuid", Schema.String), ("name", Schema.String), ("picture", Schema.String), ("status", Schema.String), ("isBusiness", Schema.Boolean));

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var provider = hosts.HostOf(call.Instance).Provider;
        var profiles = provider.Require<IReadsProfiles>();
        try
        {
            var (jid, name) = ProfileRequest.NumberOf(call) is { } number ? await FindAsync(call, number) : (provider.Own().Phone, provider.Own().PushName);
            var picture = PartAsync(call, "picture", profiles.FindPictureAsync(jid, call.Aborted));
            var about = jid.IsUser ? PartAsync(call, "about line", profiles.FindAboutAsync(jid, call.Aborted)) : Task.FromResult<AboutLine?>(null);
            var business = jid.IsUser ? PartAsync(call, "business profile", profiles.FindBusinessAsync(jid, call.Aborted)) : Task.FromResult<BusinessProfile?>(null);
            await Task.WhenAll(picture, about, business);
            return Answer(jid, name, await picture, await about, await business);
        }
        catch (ProviderException e)
        {
            throw ApiException.BadRequest($"Error: {e.Message}");
        }
    }

    private async Task<(Jid Jid, string? Name)> FindAsync(ApiCall call, string number)
    {
        var found = await recipients.LookUpAsync(call, number);
        if (!found.Exists)
            throw ApiException.BadRequest(Recipients.Describe(found));
        var jid = found.Jid!.Value;
        return (jid, found.Name ?? (await contacts.FindAsync(call.Instance.Id, jid.ToString(), call.Aborted))?.PushName);
    }

    // Without a connection there is no profile at all; anything else concerns this part alone.
    private async Task<T?> PartAsync<T>(ApiCall call, string name, Task<T?> part)
        where T : class
    {
        try
        {
            return await part;
        }
        catch (ProviderException e) when (e.Error != ProviderError.NotConnected)
        {
            ChatsLog.NoPartOfProfile(logger, call.Instance.Name, name, e.Message);
            return null;
        }
    }

    private static ApiReply Answer(Jid jid, string? name, Uri? picture, AboutLine? about, BusinessProfile? business) => ApiReply.Ok(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("wuid", jid.ToString());
        if (name is not null)
            writer.WriteString("name", name);
        writer.WriteBoolean("numberExists", true);
        writer.WriteStringOrNull("picture", picture?.AbsoluteUri);
        WriteAbout(writer, about);
        writer.WriteBoolean("isBusiness", business is not null);
        if (business is not null)
        {
            if (business.Email is not null)
                writer.WriteString("email", business.Email);
            writer.WriteString("description", business.Description);
            if (business.Websites is [var website, ..])
                writer.WriteString("website", website);
        }

        writer.WriteEndObject();
    });

    private static void WriteAbout(Utf8JsonWriter writer, AboutLine? about)
    {
        if (about is null)
        {
            writer.WriteNull("status");
            return;
        }

        writer.WriteStartObject("status");
        writer.WriteString("status", about.Text);
        writer.WriteStringOrNull("setAt", about.SetAt is { } at ? WireJson.Time(at) : null);
        writer.WriteEndObject();
    }
}
