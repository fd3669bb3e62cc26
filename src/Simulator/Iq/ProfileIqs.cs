using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Iq;

/// <summary>Pictures and business profiles. The about line is a matter of <see cref="UsyncIqs"/>.</summary>
internal sealed class ProfileIqs(SimulatedWorld world)
{
    public void AddTo(IqTable table)
    {
        table.Add("w:profile:picture", "get", "picture", Picture);
        table.Add("w:biz", "get", "business_profile", Business);
    }

    /// <summary>The picture of who is named as target, else of who asks. Source: whatsmeow user.go, GetProfilePictureInfo.</summary>
    internal ValueTask<Node?> Picture(IqCall call)
    {
        var person = call.Iq.JidOf("target") is { } target ? world.Directory.Find(target) : call.Device.Account;
        if (person is not null && call.Body.Child("tctoken") is { } token && !MayShow(call, person, token))
            return new((Node?)null);
        if (person is not null && person != call.Device.Account && (person.HasBlocked(call.Device.Account) || person.Settings.Privacy.GetValueOrDefault("profile") == "none"))
            return new(call.Iq.Error(401, "not-authorized"));
        if (person?.Settings.Picture is not { } picture)
            return new(call.Iq.Error(404, "item-not-found"));
        return new(call.Iq.Result(new Node("picture", new NodeAttributes
        {
            { "id", picture.Id }, { "type", call.Body["type"] ?? "image" }, { "url", $"https://{world.MediaHostName}{picture.Path}" }, { "direct_path", picture.Path },
        })));
    }

    // To a token with the question for one's own picture the real server does not answer. Source: Baileys src/Socket/chats.ts, profilePictureUrl.
    private bool MayShow(IqCall call, Account person, Node token)
    {
        var asker = call.Device.Account;
        if (person == asker)
        {
            world.Violations.Report("token-for-self", "A question for one's own picture carries a token; the server does not answer it.", call.Device.PhoneJid, call.Iq["id"]);
            return false;
        }

        if (!token.Bytes.Span.SequenceEqual(world.TrustedContactToken(person, asker)))
            world.Violations.Report("foreign-token", "The token of a question for a picture is not the one that this person gave.", call.Device.PhoneJid, call.Iq["id"]);
        return true;
    }

    /// <summary>The profiles of those that are businesses. Source: Baileys src/Socket/chats.ts, getBusinessProfile.</summary>
    internal ValueTask<Node?> Business(IqCall call)
    {
        var asked = call.Body.ChildrenOf("profile").Select(profile => profile.JidOf("jid")).ToList();
        if (asked.Count == 0 || asked.Contains(null) || call.Body["v"] is not { } version)
        {
            world.Violations.Report("bad-business-query", "A question for business profiles needs a version, and profiles with a jid.", call.Device.PhoneJid, call.Iq["id"]);
            return new(call.Iq.Error(400, "bad-request"));
        }

        var found = asked.Where(jid => world.Directory.Find(jid!.Value)?.Settings.Business is not null)
            .Select(jid => Show(jid!.Value.ToUser(), world.Directory.Find(jid.Value)!.Settings.Business!));
        return new(call.Iq.Result(new Node("business_profile", new NodeAttributes { { "v", version } }, [.. found])));
    }

    private static Node Show(Protocol.Jids.Jid jid, BusinessProfile business)
    {
        var shown = new List<Node>();
        foreach (var (tag, text) in (ReadOnlySpan<(string, string?)>)[("address", business.Address), ("description", business.Description), ("email", business.Email)])
        {
            if (text is not null)
                shown.Add(new Node(tag, null, text));
        }

        shown.AddRange((business.Websites ?? []).Select(website => new Node("website", null, website)));
        if (business.Category is not null)
            shown.Add(new Node("categories", null, [new Node("category", new NodeAttributes { { "id", "1" } }, business.Category)]));
        if (business.OpenDays is { } days)
        {
            shown.Add(new Node("business_hours", new NodeAttributes { { "timezone", business.TimeZone } },
                [.. days.Select(day => new Node("business_hours_config", new NodeAttributes { { "day_of_week", day }, { "mode", "open_24h" } }))]));
        }

        return new Node("profile", new NodeAttributes { { "jid", jid } }, shown);
    }
}
