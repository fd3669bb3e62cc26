using System.Text.Json.Nodes;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;
using Evolution.Protocol.Jids;
using Microsoft.Extensions.Caching.Memory;

namespace Evolution.Gateway.Api;

/// <summary>Finds out who is meant by a <c>number</c>. What the server says of a number is trusted over any rule about how it is written.</summary>
internal sealed class Recipients(IInstanceHosts hosts, SavingOptions saving, TimeProvider time) : IDisposable
{
    private const int MaxRemembered = 50_000;

    // Only numbers that exist are remembered: someone who joins WhatsApp is found at once.
    private readonly MemoryCache found = new(new MemoryCacheOptions { SizeLimit = MaxRemembered });

    /// <summary>The JID to send to.</summary>
    /// <exception cref="ApiException">400: nobody has this number; the message is the lookup's answer, which clients look into.</exception>
    /// <exception cref="ProviderException">The server could not be asked.</exception>
    public async Task<Jid> ResolveAsync(Instance instance, string number, CancellationToken cancellationToken)
    {
        var recipient = (await LookUpAsync(instance, [number], cancellationToken))[0];
        return recipient.Exists ? recipient.Jid!.Value : throw ApiException.BadRequest(Describe(recipient));
    }

    /// <summary>Looks numbers up, in Evolution's order: broadcasts, then groups, then people, each in the order given.</summary>
    /// <exception cref="ProviderException">The server could not be asked.</exception>
    public async Task<IReadOnlyList<Recipient>> LookUpAsync(Instance instance, IReadOnlyList<string> numbers, CancellationToken cancellationToken)
    {
        var parsed = numbers.Select(number => (Number: number, Jid: RecipientNumber.Parse(number))).ToList();
        var answers = new List<Recipient>(parsed.Count);
        answers.AddRange(parsed.Where(item => IsList(item.Jid)).Select(item => new Recipient(item.Number, item.Jid, Exists: true, null)));
        foreach (var (number, jid) in parsed.Where(item => item.Jid is { IsGroup: true }))
            answers.Add(await FindGroupAsync(instance, number, jid!.Value, cancellationToken));
        var people = parsed.Where(item => !IsList(item.Jid) && item.Jid is not { IsGroup: true }).ToList();
        answers.AddRange(await FindPeopleAsync(instance, people, cancellationToken));
        return answers;
    }

    /// <summary>The lookup's answer as clients see it.</summary>
    public static JsonObject Describe(Recipient recipient)
    {
        var json = new JsonObject
        {
            ["jid"] = recipient.Jid?.ToString() ?? "",
            ["exists"] = recipient.Exists,
            ["number"] = recipient.Number,
        };
        if (recipient.Name is not null)
            json["name"] = recipient.Name;
        if (recipient.Jid is { IsLid: true })
            json["lid"] = "lid";
        return json;
    }

    public void Dispose() => found.Dispose();

    private static bool IsList(Jid? jid) => jid is { IsBroadcast: true } or { IsStatus: true } or { IsNewsletter: true };

    private async Task<Recipient> FindGroupAsync(Instance instance, string number, Jid group, CancellationToken cancellationToken)
    {
        if (hosts.HostOf(instance).Provider is not IReadsGroups groups)
            return new Recipient(number, group, Exists: false, null);
        var summary = await groups.FindGroupAsync(group, cancellationToken);
        return new Recipient(number, group, summary is not null, summary?.Subject);
    }

    private async Task<IReadOnlyList<Recipient>> FindPeopleAsync(
        Instance instance, IReadOnlyList<(string Number, Jid? Jid)> people, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<Jid, Jid>();
        var unknown = new List<Jid>();
        foreach (var spelling in people.Where(person => person.Jid is { IsPhone: true }).SelectMany(SpellingsOf).Distinct())
        {
            if (found.TryGetValue<(Jid Jid, DateTimeOffset Until)>((instance.Id, spelling), out var known) && known.Until > time.GetUtcNow())
                answers[spelling] = known.Jid;
            else
                unknown.Add(spelling);
        }

        // A number with a known spelling needs no further question about its others.
        unknown.RemoveAll(spelling => people.Where(person => SpellingsOf(person).Contains(spelling)).All(person => SpellingsOf(person).Any(answers.ContainsKey)));
        if (unknown.Count > 0)
            await AskAsync(instance, unknown, answers, cancellationToken);
        return [.. people.Select(person => Answer(person, answers))];
    }

    private async Task AskAsync(Instance instance, List<Jid> unknown, Dictionary<Jid, Jid> answers, CancellationToken cancellationToken)
    {
        var lookups = hosts.HostOf(instance).Provider.Require<ILooksUpNumbers>();
        foreach (var lookup in await lookups.LookUpAsync(unknown, cancellationToken))
        {
            if (lookup.Found is not { } jid)
                continue;
            answers[lookup.Asked] = jid;
            if (saving.NumberLookupDays > 0)
            {
                var until = time.GetUtcNow() + TimeSpan.FromDays(saving.NumberLookupDays);
                found.Set((instance.Id, lookup.Asked), (jid, until), new MemoryCacheEntryOptions { Size = 1 });
            }
        }
    }

    private static IReadOnlyList<Jid> SpellingsOf((string Number, Jid? Jid) person) =>
        person.Jid is { IsPhone: true } jid ? RecipientNumber.SpellingsOf(person.Number, jid) : [];

    private static Recipient Answer((string Number, Jid? Jid) person, Dictionary<Jid, Jid> answers)
    {
        if (person.Jid is { IsLid: true })
            return new Recipient(person.Number, person.Jid, Exists: true, null);
        foreach (var spelling in SpellingsOf(person))
        {
            if (answers.TryGetValue(spelling, out var jid))
                return new Recipient(person.Number, jid, Exists: true, null);
        }

        return new Recipient(person.Number, person.Jid, Exists: false, null);
    }
}
