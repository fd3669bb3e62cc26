using Evolution.Client.Connection;
using Evolution.Client.Stores;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Pairing;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Pairing;

/// <summary>
/// Linking this device to a phone over one unregistered connection: QR codes in turn, or a pairing code typed into the phone.
/// Everything here ends with the connection.
/// </summary>
internal sealed class PairingFlow(ClientContext context, QrBudget qrBudget, WhatsAppConnection connection)
{
    private static readonly TimeSpan FirstQrLifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan NextQrLifetime = TimeSpan.FromSeconds(20);

    private readonly ILogger log = context.Loggers.CreateLogger<PairingFlow>();
    private readonly TaskCompletionSource offered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(connection.Ended);
    private volatile CodeAttempt? attempt;

    /// <summary>Completes when the server has offered to pair: only then can a code be asked for.</summary>
    public Task Offered => offered.Task;

    /// <summary>The server's offer: its references become QR codes, one after the other.</summary>
    public void Offer(IReadOnlyList<string> references)
    {
        offered.TrySetResult();
        context.Background.TryRun("QR codes", _ => ShowAsync(references, linked.Token));
    }

    /// <summary>Asks the server to let the phone with this number type a code.</summary>
    public async Task<string> RequestCodeAsync(Jid phone, CancellationToken ct)
    {
        var code = PairingCode.Generate();
        var ephemeral = KeyPair.Generate();
        var wrapped = PairingCode.WrapEphemeral(code, ephemeral.PublicKey.Span);
        var hello = PairingStanzas.CompanionHello(
            connection.NextId(), phone, wrapped, context.State.Credentials.NoiseKey.PublicKey, context.Options);
        var reply = await connection.QueryAsync(hello, null, ct).ConfigureAwait(false);
        var reference = reply.Child("link_code_companion_reg")?.Child("link_code_pairing_ref")?.Bytes ?? default;
        attempt = new CodeAttempt(phone, code, ephemeral, reference);
        await context.PublishAsync(new PairingCodeIssued(code), ct).ConfigureAwait(false);
        return code;
    }

    /// <summary>The user typed the code: agrees on a new secret with the phone, stores it, and gives back the stanza that tells the phone.</summary>
    /// <exception cref="PairingException">The phone's keys are unusable.</exception>
    public async Task<Node?> FinishCodeAsync(Node hello, CancellationToken ct)
    {
        var reference = hello.Child("link_code_pairing_ref")?.Bytes ?? default;
        if (attempt is not { } current || (!current.Reference.IsEmpty && !current.Reference.Span.SequenceEqual(reference.Span)))
        {
            PairingLog.UnknownCode(log);
            return null;
        }

        var primaryIdentity = hello.Child("primary_identity_pub")?.Bytes ?? default;
        var wrapped = hello.Child("link_code_pairing_wrapped_primary_ephemeral_pub")?.Bytes ?? default;
        var primaryEphemeral = PairingCode.UnwrapEphemeral(current.Code, wrapped.Span);
        var identity = context.State.Credentials.Identity.KeyPair;
        var (bundle, secret) = PairingCode.Finish(current.Ephemeral, identity, primaryEphemeral, primaryIdentity.Span);
        await context.State.UpdateAsync(c => c with { AdvSecret = secret }, ct).ConfigureAwait(false);
        return PairingStanzas.CompanionFinish(connection.NextId(), current.Phone, bundle, identity.PublicKey, reference);
    }

    /// <summary>
    /// The phone confirmed: verifies its signatures, stores the identity with what the application adds, and gives back our signature to send.
    /// </summary>
    /// <exception cref="PairingException">A signature is wrong: somebody else answered than the phone that saw the code.</exception>
    /// <exception cref="FormatException">The stanza lacks the identity or the device.</exception>
    public async Task<Node> CompleteAsync(Node iq, CancellationToken ct)
    {
        var success = iq.Child("pair-success")!;
        var identityBytes = success.Child("device-identity")?.Bytes ?? default;
        var deviceNode = success.Child("device");
        if (identityBytes.IsEmpty || deviceNode?.JidOf("jid") is not { IsEmpty: false } device)
            throw new FormatException("pair-success without identity or device.");
        var credentials = context.State.Credentials;
        var paired = DeviceIdentity.VerifyAndSign(identityBytes.Span, credentials.AdvSecret, credentials.Identity.KeyPair);
        var lid = deviceNode.JidOf("lid") is { IsEmpty: false } given ? given : (Jid?)null;
        var name = success.Child("biz")?["name"];
        var platform = success.Child("platform")?["name"] ?? "unknown";

        await context.State.UpdateAsync(
            c => c with
            {
                Device = device,
                Lid = lid,
                PushName = name,
                Platform = platform,
                Account = Google.Protobuf.MessageExtensions.ToByteArray(paired.Account),
            },
            ct,
            async (writes, cancel) =>
            {
                TrustPhone(writes, device, lid, paired.Account.AccountSignatureKey.ToByteArray());
                await context.Handler(new Paired(device, lid, name, platform), writes, cancel).ConfigureAwait(false);
            }).ConfigureAwait(false);
        await linked.CancelAsync().ConfigureAwait(false);
        PairingLog.Paired(log, platform);
        return PairingStanzas.Sign(iq, paired.ReplyIdentity, paired.KeyIndex);
    }

    private static void TrustPhone(DeviceWriteSet writes, Jid device, Jid? lid, byte[] accountKey)
    {
        writes.Identities[device.ToUser().ToSignalAddress()] = accountKey;
        if (lid is not { } own)
            return;
        writes.Identities[own.ToUser().ToSignalAddress()] = accountKey;
        writes.AddressMappings.Add(new AddressMapping(device.ToUser(), own.ToUser()));
    }

    private async Task ShowAsync(IReadOnlyList<string> references, CancellationToken ct)
    {
        try
        {
            await RotateAsync(references, ct).ConfigureAwait(false);
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            // A phone was quicker, or the connection has ended, while the code was being announced: nobody needs it any more.
        }
        catch
        {
            // A code that nobody was told of can't be scanned: start over.
            connection.Close(new ConnectionEnd(EndKind.StoreFailed, 500, "a QR code could not be announced"));
            throw;
        }
    }

    private async Task RotateAsync(IReadOnlyList<string> references, CancellationToken ct)
    {
        var lifetime = context.Options.QrLifetime ?? FirstQrLifetime;
        foreach (var reference in references)
        {
            if (!qrBudget.TryTake(out var number))
            {
                connection.Close(ConnectionEnd.QrExhausted);
                return;
            }

            var own = context.State.Credentials;
            var type = CompanionPlatform.ClientType(context.Options.OperatingSystem, context.Options.Browser);
            var code = new QrCode(reference, own.NoiseKey.PublicKey, own.Identity.KeyPair.PublicKey, own.AdvSecret, type);
            await context.PublishAsync(new QrCodeIssued(code.Format(), number, lifetime), ct).ConfigureAwait(false);
            await Task.Delay(lifetime, context.Time, ct).ConfigureAwait(false);
            lifetime = context.Options.QrLifetime ?? NextQrLifetime;
        }

        connection.Close(qrBudget.MayContinue ? ConnectionEnd.QrReferencesUsed : ConnectionEnd.QrExhausted);
    }

    private sealed record CodeAttempt(Jid Phone, string Code, KeyPair Ephemeral, ReadOnlyMemory<byte> Reference);
}
