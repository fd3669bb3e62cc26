using System.Reflection;
using System.Text.RegularExpressions;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Gateway.Tests.EndToEnd.Receiving;
using Evolution.Proto;

namespace Evolution.Gateway.Tests.EvolutionWire;

/// <summary>Holds the pages of <c>docs/compat</c> to the code, in both directions.</summary>
public sealed partial class CompatibilityPagesTests
{
    private const string EventSwitch = "WEBHOOK_EVENTS_<EVENT>";

    [Fact]
    public void The_settings_called_done_partly_or_ours_are_those_that_are_read()
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        EvolutionSettings.Read(new EnvironmentReader(name => Note(asked, name)), sandbox: false);
        var rows = Rows("settings.md").ToList();
        Assert.All(rows, row => Assert.Contains(row.State, new[] { "done", "partly", "ours", "not yet", "no meaning" }));

        Assert.Equal(
            asked.Select(name => name.StartsWith("WEBHOOK_EVENTS_", StringComparison.Ordinal) ? EventSwitch : name).Distinct().Order(StringComparer.Ordinal),
            rows.Where(row => row.State is "done" or "partly" or "ours").SelectMany(row => row.Names).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(rows.Where(row => row.State is "not yet" or "no meaning").SelectMany(row => row.Names), asked.Contains);

        static string? Note(HashSet<string> asked, string name)
        {
            asked.Add(name);
            return null;
        }
    }

    [Fact]
    public void Each_row_of_settings_that_are_not_there_yet_has_one_that_the_start_warns_of_and_the_start_warns_of_no_other()
    {
        var rows = Rows("settings.md").Where(row => row.State == "not yet").ToList();

        Assert.All(rows, row => Assert.Contains(UnsupportedSettings.Names, name => row.Names.Any(pattern => Covers(pattern, name))));
        Assert.All(UnsupportedSettings.Names, name => Assert.Single(rows, row => row.Names.Any(pattern => Covers(pattern, name))));

        static bool Covers(string pattern, string name) =>
            pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;
    }

    [Fact]
    public void The_events_of_the_table_are_those_that_have_a_name_and_the_others_are_called_not_yet()
    {
        var named = typeof(EventNames).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToList();

        Assert.Equal(named.Order(StringComparer.Ordinal), Rows("events.md").SelectMany(row => row.Names).Order(StringComparer.Ordinal));

        var notYet = Page("events.md").Split('\n').Single(line => line.StartsWith("Not yet:", StringComparison.Ordinal));
        Assert.Equal(
            EventNames.Subscribable.Except(named.Select(EventNames.SubscriptionOf)).Order(StringComparer.Ordinal),
            Quoted().Matches(notYet).Select(match => EventNames.SubscriptionOf(match.Groups["text"].Value)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_message_types_of_the_table_are_in_the_schema_and_their_routes_on_the_page_of_routes()
    {
        var types = Rows("messages.md").SelectMany(row => row.Names).Where(name => name != "messageType").ToList();
        var fields = Message.Descriptor.Fields.InDeclarationOrder().Select(field => field.Name).ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(types);
        Assert.DoesNotContain(types, type => !fields.Contains(type));
        Assert.Equal(types.Distinct(StringComparer.Ordinal), types);

        var known = Routes().Matches(Page("routes.md")).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        var named = Routes().Matches(Page("messages.md")).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(named, route => !known.Contains(route));
        Assert.DoesNotContain(known, route => route.Contains("/message/send", StringComparison.Ordinal) && !named.Contains(route));
    }

    [Fact]
    public void The_page_of_messages_has_every_type_of_the_schema_and_says_of_each_what_becomes_of_it()
    {
        var rows = Page("messages.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|')).ToList();
        Assert.All(rows, cells => Assert.Equal(7, cells.Length));
        var types = rows.ToDictionary(cells => cells[1].Trim(' ', '`'), cells => (Told: cells[3].Trim(), Peers: cells[4].Trim()), StringComparer.Ordinal);

        Assert.Equal(ContentSamples.Kinds.Select(kind => kind.Name).Order(StringComparer.Ordinal), types.Keys.Order(StringComparer.Ordinal));
        Assert.All(types, row => Assert.Equal((row.Key, IsToldAsMessage(row.Key)), (row.Key, row.Value.Told.Contains("`messages.upsert`", StringComparison.Ordinal))));
        Assert.All(types.Values, row => Assert.Subset(new HashSet<string> { "P", "B in", "B out", "R in", "R out" }, row.Peers.Split(", ").ToHashSet(StringComparer.Ordinal)));
        Assert.All(types.Values, row => Assert.StartsWith("P", row.Peers, StringComparison.Ordinal));
        var named = typeof(EventNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string?)(field.IsLiteral ? field.GetRawConstantValue() : null));
        Assert.All(types.Values.SelectMany(row => Quoted().Matches(row.Told)), match => Assert.Contains(match.Groups["text"].Value, named));
    }

    // As the code decides it; the envelope of our own devices is opened before.
    private static bool IsToldAsMessage(string type) => ContentSamples.Of(type) is var sample && type != "deviceSentMessage"
        && (SealedReply.Of(sample) is { } sealedReply ? sealedReply.StandsAlone : MessageEvents.IsMessage(sample));

    private static IEnumerable<(IReadOnlyList<string> Names, string State)> Rows(string page) =>
        from line in Page(page).Split('\n')
        where line.StartsWith("| `", StringComparison.Ordinal)
        let cells = line.Split('|')
        select ((IReadOnlyList<string>)[.. Quoted().Matches(cells[1]).Select(match => match.Groups["text"].Value)], cells[2].Trim());

    private static string Page(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "compat", name));

    [GeneratedRegex(@"\b(GET|POST|PUT|DELETE) /[\w/{}]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Routes();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
