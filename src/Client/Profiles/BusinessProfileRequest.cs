using Evolution.Client.Connection;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Profiles;

/// <summary>Asks for the business profile of an account; null where it is none of a business (Baileys Socket/chats.ts, getBusinessProfile).</summary>
internal sealed class BusinessProfileRequest(Jid user) : IqRequest<BusinessProfile?>
{
    private const string Version = "244";

    public override Node Build(string id) => new(
        "iq",
        new NodeAttributes { { "id", id }, { "to", Jid.WhatsAppServer }, { "type", "get" }, { "xmlns", "w:biz" } },
        [
            new Node(
                "business_profile",
                new NodeAttributes { { "v", Version } },
                [new Node("profile", new NodeAttributes { { "jid", user } })]),
        ]);

    public override BusinessProfile? Read(Node reply)
    {
        if (reply.Child("business_profile")?.Child("profile") is not { } profile)
            return null;
        var hours = profile.Child("business_hours");
        return new BusinessProfile
        {
            Jid = profile.JidOf("jid") ?? user,
            Description = TextOf(profile, "description") ?? "",
            Address = TextOf(profile, "address"),
            Email = TextOf(profile, "email"),
            Websites = [.. profile.ChildrenOf("website").Select(website => website.Text).OfType<string>().Where(text => text.Length > 0)],
            Category = profile.Child("categories") is { } categories ? TextOf(categories, "category") : null,
            TimeZone = hours?["timezone"],
            Hours = hours is null ? null : [.. hours.ChildrenOf("business_hours_config").Select(ReadDay).OfType<BusinessHours>()],
        };
    }

    private static BusinessHours? ReadDay(Node day) =>
        day["day_of_week"] is { } name && day["mode"] is { } mode ? new BusinessHours(name, mode, day["open_time"], day["close_time"]) : null;

    private static string? TextOf(Node node, string tag) => node.Child(tag)?.Text is { Length: > 0 } text ? text : null;
}
