using Evolution.Client.Connection;
using Evolution.Client.Messages;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Addressing;

/// <summary>Looks up people: whether a number is on WhatsApp, and a person's other address.</summary>
public sealed class Directory
{
    private const int MaxPerRequest = 50;

    private readonly MessagingContext context;

    internal Directory(MessagingContext context) => this.context = context;

    /// <summary>Asks which numbers are on WhatsApp, fifty in a request. Asking very often makes the server refuse with 429.</summary>
    /// <param name="numbers">Numbers in international form; anything but digits is ignored.</param>
    /// <returns>An answer for each number the server knew something about, in the order asked.</returns>
    /// <exception cref="IqException">The server refused.</exception>
    /// <exception cref="ConnectionLostException">There is no connection.</exception>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    public async Task<IReadOnlyList<NumberOnWhatsApp>> OnWhatsAppAsync(IReadOnlyCollection<string> numbers, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        string[] asked = [.. numbers.Select(number => new string([.. number.Where(char.IsAsciiDigit)])).Where(digits => digits.Length > 0).Distinct()];
        var found = new List<NumberOnWhatsApp>(asked.Length);
        foreach (var part in asked.Chunk(MaxPerRequest))
            found.AddRange(await AskAsync(part, ct).ConfigureAwait(false));
        return found;
    }

    /// <summary>A person's other address (the LID of a phone JID and the reverse), without device; null when it is not known here.</summary>
    public ValueTask<Jid?> OtherAddressAsync(Jid user, CancellationToken ct) => context.Addresses.OtherAsync(user, null, ct);

    private async ValueTask<IReadOnlyList<NumberOnWhatsApp>> AskAsync(string[] digits, CancellationToken ct)
    {
        var answers = await context.Channel.RequestAsync(new ContactRequest(digits, context.Channel.NextId()), ct).ConfigureAwait(false);
        var pairs = answers.Select(answer => AddressBook.Pair(answer.User, answer.User.IsLid ? answer.Phone : answer.Lid)).OfType<AddressMapping>();
        await context.LearnNowAsync(pairs, ct).ConfigureAwait(false);

        var results = new List<NumberOnWhatsApp>(answers.Count);
        foreach (var (answer, index) in answers.Select((answer, index) => (answer, index)))
        {
            // Where the server does not repeat the number, its answers stand in the order of the questions.
            var asked = answer.Asked ?? (index < digits.Length ? digits[index] : answer.User.User);
            var user = answer.User.IsLid && answer.Phone is { } phone ? phone.ToUser() : answer.User;
            var lid = user.IsLid ? user : await context.Addresses.OtherAsync(user, null, ct).ConfigureAwait(false);
            results.Add(new NumberOnWhatsApp(asked, user, answer.Exists, lid));
        }

        return results;
    }
}
