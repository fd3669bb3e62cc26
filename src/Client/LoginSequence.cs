using Evolution.Client.Connection;
using Evolution.Client.PreKeys;
using Evolution.Client.Stores;
using Evolution.Protocol.Nodes;
using Microsoft.Extensions.Logging;

namespace Evolution.Client;

/// <summary>
/// What follows <c>&lt;success&gt;</c>, in Baileys' order (src/Socket/socket.ts, src/Socket/chats.ts): pre-keys, active, digest, and only then
/// "open"; after it properties, block list, privacy and presence. A step that fails is logged and does not keep the device from working.
/// </summary>
internal sealed class LoginSequence(ClientContext context, PreKeyPool preKeys)
{
    private static readonly TimeSpan RotationCheck = TimeSpan.FromDays(1);

    private readonly ILogger log = context.Loggers.CreateLogger<LoginSequence>();

    /// <summary>Until the device is open.</summary>
    public async Task LogInAsync(Node success, CancellationToken ct)
    {
        context.Clock.Observe(success.TimeOf("t"));
        await StepAsync("identity", cancel => RememberLidAsync(success, cancel), ct).ConfigureAwait(false);
        await StepAsync("pre-keys", preKeys.ReplenishAsync, ct).ConfigureAwait(false);
        await StepAsync("active", cancel => context.Channel.QueryAsync(ConnectionStanzas.Passive(context.Channel.NextId(), passive: false), null, cancel), ct)
            .ConfigureAwait(false);
        await StepAsync("digest", preKeys.VerifyAsync, ct).ConfigureAwait(false);
    }

    /// <summary>What every login asks for once the device is open, and the care that a long connection needs; ends with the connection.</summary>
    public async Task SettleAsync(CancellationToken ct)
    {
        var queries = Task.WhenAll(
            StepAsync("properties", cancel => AccountQueries.LoadPropertiesAsync(context, cancel), ct),
            // WhatsApp Web always asks; nothing here needs the answer yet.
            StepAsync("block list", cancel => context.Channel.QueryAsync(ConnectionStanzas.Iq(context.Channel.NextId(), "get", "blocklist"), null, cancel), ct),
            StepAsync("privacy", cancel => AccountQueries.LoadPrivacyAsync(context, cancel), ct));
        await StepAsync("presence", AnnouncePresenceAsync, ct).ConfigureAwait(false);
        await StepAsync("unified session", AnnounceSessionAsync, ct).ConfigureAwait(false);
        await queries.ConfigureAwait(false);

        while (true)
        {
            await StepAsync("signed pre-key rotation", preKeys.RotateIfDueAsync, ct).ConfigureAwait(false);
            await Task.Delay(RotationCheck, context.Time, ct).ConfigureAwait(false);
        }
    }

    private async Task RememberLidAsync(Node success, CancellationToken ct)
    {
        if (success.JidOf("lid") is not { IsEmpty: false } lid || context.State.Credentials.Device is not { } device || lid == context.State.Credentials.Lid)
            return;
        await context.State.UpdateAsync(
            c => c with { Lid = lid },
            ct,
            (writes, _) =>
            {
                writes.AddressMappings.Add(new AddressMapping(device.ToUser(), lid.ToUser()));
                return ValueTask.CompletedTask;
            }).ConfigureAwait(false);
    }

    private async Task AnnouncePresenceAsync(CancellationToken ct)
    {
        // Without a name the server takes no presence; it comes with the history or the app state, and whoever learns it announces us.
        var available = context.Options.MarkOnlineOnConnect;
        if (context.State.Credentials.PushName is not { Length: > 0 } name)
            return;
        if (available && !context.Account.TryAppear())
            return;
        if (available)
            await AnnounceSessionAsync(ct).ConfigureAwait(false);
        await context.Channel.SendAsync(ConnectionStanzas.Presence(name, available), ct).ConfigureAwait(false);
    }

    private async Task AnnounceSessionAsync(CancellationToken ct) =>
        await context.Channel.SendAsync(ConnectionStanzas.UnifiedSession(context.Clock.Now), ct).ConfigureAwait(false);

    private async Task StepAsync(string name, Func<CancellationToken, Task> step, CancellationToken ct)
    {
        try
        {
            await step(ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ConnectionLostException or StoreFailedException or FencedException))
        {
            ConnectionLog.LoginStepFailed(log, name, e);
        }
    }
}
