using System.Globalization;
using Evolution.Client.Messages.Sending;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Tests.Vectors;
using Xunit;

namespace Evolution.Client.Tests.Vectors;

/// <summary>secrets.json, the part that a client makes: reporting tokens and the tokens of trusted contacts.</summary>
[Trait("Part", "vectors")]
public sealed class KnownSecretsTests
{
    private const string File = "secrets.json";

    // We follow whatsmeow: addresses without device, nothing of a message nested in a message. The rust client's own forms are left out.
    [Theory]
    [KnownCases(File, "reporting_tokens", Only = nameof(IsOurs))]
    public void A_message_has_its_reporting_token(KnownCase row)
    {
        var bytes = row.Hex("message");
        var node = ReportingToken.Create(
            Message.Parser.ParseFrom(bytes), bytes, row.Text("message_id"), Jid.Parse(row.Text("original_sender")), Jid.Parse(row.Text("modification_sender")));
        Assert.Equal(row.Has("token") ? row.Text("token") : null, node?.Child("reporting_token") is { } token ? Convert.ToHexStringLower(token.Bytes.Span) : null);
    }

    [Theory]
    [KnownCases(File, "reporting_tokens", Only = nameof(IsFlat))]
    public void A_report_covers_the_listed_fields(KnownCase row) =>
        Assert.Equal(row.Text("content"), Convert.ToHexStringLower(ReportedFields.Extract(row.Hex("message"))));

    [Theory]
    [KnownCases(File, "tctoken_expiry")]
    public void A_token_lives_for_four_periods_and_ours_is_due_in_each(KnownCase row)
    {
        var (time, now) = (Time(row, "t"), Time(row, "now"));
        Assert.Equal(row.Json.GetProperty("expired").GetBoolean(), TokenPeriods.IsExpired(time, now));
        Assert.Equal(row.Json.GetProperty("issue_again").GetBoolean(), TokenPeriods.IsIssueDue(time, now));
    }

    [Theory]
    [KnownCases(File, "cstoken")]
    public void A_contact_without_token_has_a_stand_in(KnownCase row) =>
        Assert.Equal(row.Hex("cstoken"), TrustedContacts.StandIn(row.Hex("nct_salt"), Jid.Parse(row.Text("lid"))));

    private static bool IsOurs(KnownCase row) => IsFlat(row) && Jid.Parse(row.Text("original_sender")).Device == 0;

    private static bool IsFlat(KnownCase row) => !row.Has("nested") || !row.Json.GetProperty("nested").GetBoolean();

    private static DateTimeOffset Time(KnownCase row, string name) => DateTimeOffset.FromUnixTimeSeconds(long.Parse(row.Text(name), CultureInfo.InvariantCulture));
}
