using System.Text.Json;
using System.Text.Json.Nodes;
using Evolution.Client.Profiles;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>POST /chat/fetchBusinessProfile/{instanceName}</c>: what a business shows of itself; the own account's without a number.</summary>
internal sealed class FetchBusinessProfile(IInstanceHosts hosts, Recipients recipients)
{
    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var provider = hosts.HostOf(call.Instance).Provider;
        var profiles = provider.Require<IReadsProfiles>();
        try
        {
            var account = ProfileRequest.NumberOf(call) is { } number ? await recipients.LookUpAsync(call, number) : Own(provider);
            var business = account is { Exists: true, Jid: { IsUser: true } jid } ? await profiles.FindBusinessAsync(jid, call.Aborted) : null;
            return ApiReply.Ok(writer =>
            {
                if (business is not null)
                    Write(writer, business);
                else
                    WriteNone(writer, account);
            });
        }
        catch (ProviderException e)
        {
            // Evolution's words.
            throw ApiException.Failed("Error updating profile name", $"Error: {e.Message}");
        }
    }

    private static Recipient Own(IWhatsAppProvider provider) => new(provider.Own().Phone.ToString(), provider.Own().Phone, Exists: true, null);

    private static void WriteNone(Utf8JsonWriter writer, Recipient account)
    {
        var answer = new JsonObject { ["isBusiness"] = false, ["message"] = "Not is business profile" };
        foreach (var (name, value) in Recipients.Describe(account))
            answer[name] = value?.DeepClone();
        answer.WriteTo(writer);
    }

    private static void Write(Utf8JsonWriter writer, BusinessProfile business)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("isBusiness", true);
        writer.WriteString("wid", business.Jid.ToString());
        WriteIfThere(writer, "address", business.Address);
        writer.WriteString("description", business.Description);
        writer.WriteStartArray("website");
        foreach (var website in business.Websites)
            writer.WriteStringValue(website);
        writer.WriteEndArray();
        WriteIfThere(writer, "email", business.Email);
        WriteIfThere(writer, "category", business.Category);
        writer.WriteStartObject("business_hours");
        WriteIfThere(writer, "timezone", business.TimeZone);
        if (business.Hours is { } hours)
            WriteHours(writer, hours);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteHours(Utf8JsonWriter writer, IReadOnlyList<BusinessHours> hours)
    {
        writer.WriteStartArray("business_config");
        foreach (var day in hours)
        {
            writer.WriteStartObject();
            writer.WriteString("day_of_week", day.Day);
            writer.WriteString("mode", day.Mode);
            WriteIfThere(writer, "open_time", day.OpensAt);
            WriteIfThere(writer, "close_time", day.ClosesAt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteIfThere(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
            writer.WriteString(name, text);
    }
}
