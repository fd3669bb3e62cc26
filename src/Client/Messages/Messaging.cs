using Evolution.Client.Addressing;
using Evolution.Client.Calls;
using Evolution.Client.Dispatch;
using Evolution.Client.Groups;
using Evolution.Client.History;
using Evolution.Client.Media;
using Evolution.Client.Messages.Receipts;
using Evolution.Client.Messages.Receiving;
using Evolution.Client.Messages.Retries;
using Evolution.Client.Messages.Sending;
using Evolution.Client.PreKeys;
using Evolution.Client.Presence;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages;

/// <summary>Puts the parts of messaging together for one device.</summary>
internal sealed class Messaging : IDisposable
{
    private readonly MessagingContext context;
    private readonly DeviceDirectory devices;
    private readonly HttpClient http;
    private readonly MediaHosts mediaHosts;
    private readonly SendBatches batches;

    public Messaging(ClientContext client, PreKeyPool preKeys)
    {
        context = new MessagingContext(client);
        devices = new DeviceDirectory(context);
        http = new HttpClient(client.Options.MediaHandler?.Invoke() ?? new SocketsHttpHandler { Proxy = client.Options.Proxy, UseProxy = client.Options.Proxy is not null })
        {
            // Transfers have their own limits; this one would count the passing of a large body too.
            Timeout = Timeout.InfiniteTimeSpan,
        };

        mediaHosts = new MediaHosts(context.Channel, context.Time);
        var reuploads = new ReuploadRequests(context);
        Media = new MediaFiles(context, http, mediaHosts, reuploads);
        var sessions = new DeviceSessions(context, Calm<DeviceSessions>());
        var tokens = new TrustedContacts(context);
        var retries = new RetryRequests(context, preKeys, new PlaceholderRequests(context, new PeerSender(context, sessions)));
        var webMessages = new WebMessages(context);
        Presence = new Presence.Presence(context, tokens);
        var history = new HistoryImport(context, Media, webMessages, tokens, Presence, client.Loggers.CreateLogger<HistoryImport>());
        var peer = new PeerMessages(context, history, retries, webMessages, Calm<PeerMessages>());
        var reader = new MessageReader(new MessageDecryptor(context.Store, () => context.Credentials));

        Groups = new Groups.Groups(context);
        var sending = client.Loggers.CreateLogger<MessageSender>();
        batches = new SendBatches(context, sending);
        Sender = new MessageSender(
            context, new DirectDelivery(context, new Fanout(context, devices), sessions, tokens), new GroupDelivery(context, Groups, devices, sessions), tokens,
            batches, sending);
        Directory = new Addressing.Directory(context);
        Profiles = new Profiles.Profiles(context, tokens);
        Receipts = new Receipts.Receipts(context);
        Calls = new Calls.Calls(context);
        Handlers =
        [
            new MessageHandler(context, reader, peer, retries, Calm<MessageHandler>()),
            new ReceiptHandler(context, Sender, new RetryAnswers(context, sessions, Groups, Calm<RetryAnswers>())),
            new MessageAcks(context, Sender, devices, Groups, tokens, client.Loggers.CreateLogger<MessageSender>()),
            new DeviceNotifications(context),
            new OwnDeviceNotifications(context),
            new TokenNotifications(context, tokens),
            new IdentityNotifications(context, tokens),
            new GroupNotifications(context, Groups),
            reuploads,
            new PresenceHandler(client.Handler, "presence"),
            new PresenceHandler(client.Handler, "chatstate"),
            new CallHandler(client.Handler),
        ];

        ILogger<T> Calm<T>() => new CalmLogger<T>(client.Loggers.CreateLogger<T>(), context.Time);
    }

    public IReadOnlyList<IStanzaHandler> Handlers { get; }

    public MessageSender Sender { get; }

    public MediaFiles Media { get; }

    public Groups.Groups Groups { get; }

    public Addressing.Directory Directory { get; }

    public Profiles.Profiles Profiles { get; }

    public Receipts.Receipts Receipts { get; }

    public Presence.Presence Presence { get; }

    public Calls.Calls Calls { get; }

    public void Dispose()
    {
        devices.Dispose();
        mediaHosts.Dispose();
        batches.Dispose();
        http.Dispose();
    }
}
