using Evolution.Client.Profiles;
using Evolution.Gateway.Providers;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Tests.Support;

internal sealed class ScriptedProvider : IWhatsAppProvider, ISendsMessages, IMarksRead, IShowsPresence, ILooksUpNumbers, IReadsGroups, IReadsProfiles
{
    public OwnAccount? Account { get; set; }

    /// <summary>When set, everything that needs WhatsApp fails with it.</summary>
    public ProviderException? Failure { get; set; }

    /// <summary>When set, pictures fail with it.</summary>
    public ProviderException? PictureFailure { get; set; }

    /// <summary>Phone numbers that have an account.</summary>
    public HashSet<string> Known { get; } = ["5511999990001"];

    public Dictionary<string, GroupSummary> Groups { get; } = [];

    public List<Jid> Asked { get; } = [];

    public List<OutgoingMessage> Sent { get; } = [];

    /// <summary>A message is answered once this has ended.</summary>
    public Task Answer { get; set; } = Task.CompletedTask;

    /// <summary>Ends when the first message was given to it.</summary>
    public TaskCompletionSource Sending { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<ReadMark> Read { get; } = [];

    public List<string> Presences { get; } = [];

    public async Task<SentMessage> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        Fail();
        var answer = Answer;
        Sending.TrySetResult();
        await answer.WaitAsync(cancellationToken);
        Sent.Add(message);
        return new SentMessage("""{"key":{"id":"3EB0000000000000000001"}}"""u8.ToArray());
    }

    public Task MarkReadAsync(IReadOnlyList<ReadMark> messages, CancellationToken cancellationToken)
    {
        Fail();
        Read.AddRange(messages);
        return Task.CompletedTask;
    }

    public Task ShowAvailabilityAsync(bool available, CancellationToken cancellationToken) => Note(available ? "available" : "unavailable");

    public Task ShowActivityAsync(Jid chat, ChatActivity activity, CancellationToken cancellationToken) => Note($"{chat.User} {activity}");

    public Task SubscribeAsync(Jid user, CancellationToken cancellationToken) => Note($"{user.User} subscribe");

    public Task<IReadOnlyList<NumberLookup>> LookUpAsync(IReadOnlyList<Jid> phones, CancellationToken cancellationToken)
    {
        Fail();
        Asked.AddRange(phones);
        return Task.FromResult<IReadOnlyList<NumberLookup>>([.. phones.Select(phone => new NumberLookup(phone, Known.Contains(phone.User) ? phone : null, null))]);
    }

    public Task<GroupSummary?> FindGroupAsync(Jid group, CancellationToken cancellationToken)
    {
        Fail();
        return Task.FromResult(Groups.GetValueOrDefault(group.User));
    }

    public Task<Uri?> FindPictureAsync(Jid target, CancellationToken cancellationToken) => Part<Uri>(null, PictureFailure);

    public Task<AboutLine?> FindAboutAsync(Jid user, CancellationToken cancellationToken) => Part(new AboutLine("Busy", null));

    public Task<BusinessProfile?> FindBusinessAsync(Jid user, CancellationToken cancellationToken) => Part<BusinessProfile>(null);

    // Fails as an answer does, not already when it is asked.
    private Task<T?> Part<T>(T? value, ProviderException? failure = null)
        where T : class =>
        (Failure ?? failure) is { } e ? Task.FromException<T?>(e) : Task.FromResult(value);

    private Task Note(string presence)
    {
        Fail();
        Presences.Add(presence);
        return Task.CompletedTask;
    }

    private void Fail()
    {
        if (Failure is not null)
            throw Failure;
    }
}
