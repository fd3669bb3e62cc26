using Evolution.Client;
using Evolution.Gateway.Instances;
using Evolution.Protocol.Jids;
using ConnectionState = Evolution.Client.ConnectionState;
using ShownState = Evolution.Gateway.Instances.ConnectionState;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>One instance that is a linked device of a WhatsApp account: its client and the client's life.</summary>
internal sealed class WhatsAppWebHost : IInstanceHost, IAsyncDisposable
{
    private readonly Instance instance;
    private readonly DeviceClients clients;
    private readonly DeviceEvents events;
    private readonly WhatsAppWebProvider provider;
    private readonly ShownCode shown = new();
    private readonly PairingCodes pairingCodes;
    private readonly Errands errands;
    private readonly SemaphoreSlim changing = new(1, 1);
    private volatile WhatsAppClient? client;
    private bool isGone;

    public WhatsAppWebHost(Instance instance, DeviceClients clients, HostParts parts)
    {
        this.instance = instance;
        this.clients = clients;
        provider = new WhatsAppWebProvider(() => client, parts.Sent, parts.Time)
        {
            TimerOf = (chat, cancellationToken) => parts.Chats.FindTimerAsync(instance.Id, chat.ToString(), cancellationToken),
            NoteRead = (chat, ids, cancellationToken) => parts.Chats.NoteReadAsync(instance.Id, chat.ToString(), ids, cancellationToken),
            Account = Jid.TryParse(instance.OwnerJid, out var owner) ? new OwnAccount(owner, null, null) : null,
        };
        pairingCodes = new PairingCodes(instance.Name, parts.Logger);
        errands = new Errands(instance.Name, parts.Logger);
        var rows = new EventRows(instance, parts.Events, () => provider.Account);
        var messages = new MessageEvents(rows, parts.Saving, parts.Sent, parts.Time) { PutsFiles = parts.Files.IsWanted };
        var earlier = new EarlierMessages(instance.Id, parts.Messages);
        var changes = new MessageChangeEvents(rows, parts.Saving, parts.Sent, parts.Messages)
        {
            Admins = new AdminRevokes(earlier, parts.Saving, () => provider.Account) { IsAdmin = IsAdminAsync, OtherAddress = OtherAddressAsync },
        };
        var replies = new SealedReplies(earlier, () => provider.Account) { OtherAddress = OtherAddressAsync };
        var received = new ReceivedMessages(messages, changes, new PollEvents(rows), replies, earlier, parts.Logger)
        {
            WhenStored = MarkRead,
            WhenFileStored = info => parts.Files.Add(instance, info.Id, info.Chat.ToString()),
        };
        var history = new HistoryEvents(rows, parts.Saving, parts.Messages, parts.Chats, parts.Time);
        var others = new WhatsAppEvents(received, messages, changes, history, new PeopleEvents(rows, parts.Saving))
        {
            OtherAddress = OtherAddressAsync,
            Groups = new GroupEvents(rows),
            Calls = new CallEvents(rows, parts.Time),
            CallStored = new CallAnswers(instance, provider, errands).Answer,
        };
        events = new DeviceEvents(instance, new ConnectionEvents(rows, parts.Device, parts.Time), others, provider, shown, parts.Logger)
        {
            Client = () => client,
            PairingCodes = pairingCodes,
            Picture = new OwnPicture(instance, provider, parts.Instances, errands),
        };
    }

    public IWhatsAppProvider Provider => provider;

    public QrCode QrCode => shown.Code;

    public InstanceStatus Status
    {
        get
        {
            if (client?.Status is not { } status)
                return InstanceStatus.Closed;
            var state = status.State switch
            {
                ConnectionState.Open => ShownState.Open,
                ConnectionState.Connecting or ConnectionState.AwaitingScan => ShownState.Connecting,
                // Without a reason it has only just been started.
                ConnectionState.Closed when status.NextTryAt is not null || status.Reason is null => ShownState.Connecting,
                _ => ShownState.Close,
            };
            return new InstanceStatus(state, status.Reason?.Code, status.Reason?.Text, status.Attempt, status.NextTryAt);
        }
    }

    public Task ConnectAsync(string? pairingNumber, CancellationToken cancellationToken) => ChangeAsync(async () =>
    {
        if (instance.IsLeaving)
            return;
        var isNewNumber = shown.ChangeNumber(pairingNumber);
        if (client is { } running && running.Status is not { State: ConnectionState.Closed, NextTryAt: null } and not { State: ConnectionState.LoggedOut })
        {
            running.Start();
            if (isNewNumber)
                pairingCodes.Ask(running, pairingNumber!);
            return;
        }

        if (client is { } old)
            await old.DisposeAsync();
        client = await clients.CreateAsync(instance, events.HandleAsync, cancellationToken);
        client.Start();
    }, cancellationToken);

    // Once a try has failed, no code is near: the status says why, and when the next try is.
    public Task WaitForQrCodeAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        shown.WaitAsync(limit, () => Status is { State: ShownState.Connecting, NextTryAt: null }, cancellationToken);

    public Task RestartAsync(CancellationToken cancellationToken) => ChangeAsync(async () =>
    {
        if (client is not { } running)
            return;
        await running.StopAsync(cancellationToken);
        running.Start();
    }, cancellationToken);

    public Task LogoutAsync(CancellationToken cancellationToken) =>
        ChangeAsync(() => client?.LogoutAsync(cancellationToken) ?? Task.CompletedTask, cancellationToken);

    public async Task ApplySettingsAsync(CancellationToken cancellationToken)
    {
        if (client is { Status.State: ConnectionState.Open } running)
        {
            try
            {
                await running.Presence.SetOnlineAsync(instance.Settings.AlwaysOnline, cancellationToken);
            }
            catch (ConnectionLostException)
            {
                // The next login shows it as it is set then.
            }
        }
    }

    /// <summary>Ends the instance for good: unlinks it where it is linked, and nothing writes for it any more.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await ChangeAsync(() =>
        {
            isGone = true;
            return Task.CompletedTask;
        }, cancellationToken);
        if (client is { Device: not null } linked && linked.Status.State != ConnectionState.LoggedOut)
            await linked.LogoutAsync(cancellationToken);
        await DisposeAsync();
    }

    /// <summary>Closes the connection; what was committed stays.</summary>
    public async ValueTask DisposeAsync()
    {
        await pairingCodes.DisposeAsync();
        if (client is { } running)
            await running.DisposeAsync();
        await errands.DisposeAsync();
    }

    private void MarkRead(MessageInfo info)
    {
        if (instance.Settings.ReadMessages)
        {
            var mark = new ReadMark(info.Id, info.Chat, info.Chat.IsUser ? null : info.Sender);
            errands.Add("mark a message as read", cancellationToken => provider.MarkReadAsync([mark], cancellationToken));
        }
    }

    private async Task ChangeAsync(Func<Task> change, CancellationToken cancellationToken)
    {
        await changing.WaitAsync(cancellationToken);
        try
        {
            // The client of an instance that was deleted is no longer to be used.
            if (!isGone)
                await change();
        }
        finally
        {
            changing.Release();
        }
    }

    private ValueTask<bool> IsAdminAsync(Jid group, Jid person, Jid? other, CancellationToken cancellationToken) =>
        client?.Groups.IsAdminAsync(group, person, other, cancellationToken) ?? default;

    private ValueTask<Jid?> OtherAddressAsync(Jid jid, CancellationToken cancellationToken) =>
        client?.Directory.OtherAddressAsync(jid, cancellationToken) ?? default;
}
