using Evolution.Protocol.Jids;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>
/// Turns what clients write as <c>number</c> into a JID. These are Evolution's rules and the only place that has them; which of two spellings of a
/// phone number really has an account is the server's to say, so <see cref="SpellingsOf"/> names what is worth asking for.
/// </summary>
internal static class RecipientNumber
{
    private const int GroupIdLength = 18;
    private const int OldGroupIdLength = 24;

    private static readonly string[] KnownServers =
        ["@" + JidServers.Phone, "@" + JidServers.Lid, "@" + JidServers.Group, "@" + JidServers.Broadcast, "@" + JidServers.Newsletter];

    /// <returns>The JID; null when there is nothing in the text that could be one.</returns>
    public static Jid? Parse(string number)
    {
        var text = WithoutDevice(number.Trim());
        if (KeepsItsServer(text) && Jid.TryParse(text.ToLowerInvariant(), out var jid))
            return jid.User.Length == 0 ? null : jid.ToUser();

        text = CutAt(CutAt(string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not ('+' or '(' or ')'))), ':'), '@');
        if (text.Contains('-', StringComparison.Ordinal) && text.Length >= OldGroupIdLength)
            return OrNull(string.Concat(text.Where(c => char.IsAsciiDigit(c) || c == '-')), JidServers.Group);
        var digits = Digits(text);
        return digits.Length >= GroupIdLength ? OrNull(digits, JidServers.Group) : OrNull(WithoutExtraDigit(digits), JidServers.Phone);
    }

    /// <summary>
    /// The phone numbers to ask the server for, best first: as it was written, by the rules, then the other forms under which the same subscriber may be
    /// registered.
    /// </summary>
    public static IReadOnlyList<Jid> SpellingsOf(string number, Jid parsed)
    {
        if (!parsed.IsPhone)
            return [parsed];
        var written = Digits(CutAt(CutAt(number, ':'), '@'));
        string[] forms = written.Length == 0 ? [parsed.User] : [written, parsed.User];
        return [.. forms.Concat(forms.Select(OtherForm).OfType<string>()).Distinct(StringComparer.Ordinal).Select(Jid.ForPhone)];
    }

    // Mobile numbers of these countries got a digit that many accounts were registered without. A Brazilian landline (whose eight digits begin
    // with 2 to 5) has no second form: with a nine it would be somebody else's mobile.
    private static string? OtherForm(string digits) => digits switch
    {
        ['5', '5', _, _, '9', >= '6', ..] when digits.Length == 13 => digits.Remove(4, 1),
        ['5', '5', _, _, >= '6', ..] when digits.Length == 12 => digits.Insert(4, "9"),
        ['5', '2', '1', ..] or ['5', '4', '9', ..] when digits.Length == 13 => digits.Remove(2, 1),
        ['5', '2', ..] when digits.Length == 12 => digits.Insert(2, "1"),
        ['5', '4', ..] when digits.Length == 12 => digits.Insert(2, "9"),
        _ => null,
    };

    // "…@c.us" is not among them: it goes by its digits, as in Evolution.
    private static bool KeepsItsServer(string text) => KnownServers.Any(server => text.EndsWith(server, StringComparison.OrdinalIgnoreCase));

    // Mexico and Argentina write mobile numbers with a digit that accounts do not have, Brazil outside the metropolitan areas likewise.
    private static string WithoutExtraDigit(string digits)
    {
        if (digits.Length != 13)
            return digits;
        if (digits.StartsWith("52", StringComparison.Ordinal) || digits.StartsWith("54", StringComparison.Ordinal))
            return digits.Remove(2, 1);
        if (!digits.StartsWith("55", StringComparison.Ordinal))
            return digits;
        var area = int.Parse(digits.AsSpan(2, 2));
        var firstOfLastEight = digits[5] - '0';
        return firstOfLastEight < 7 || area < 31 ? digits : digits.Remove(4, 1);
    }

    private static Jid? OrNull(string user, string server) => user.Length == 0 ? null : new Jid(user, server);

    private static string CutAt(string text, char mark) => text.IndexOf(mark, StringComparison.Ordinal) is var at and >= 0 ? text[..at] : text;

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    // "5511999990001:12@s.whatsapp.net" names a device of the person.
    private static string WithoutDevice(string text)
    {
        for (var colon = text.IndexOf(':', StringComparison.Ordinal); colon >= 0; colon = text.IndexOf(':', colon + 1))
        {
            var end = colon + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
            if (end > colon + 1)
                return text.Remove(colon, end - colon);
        }

        return text;
    }
}
