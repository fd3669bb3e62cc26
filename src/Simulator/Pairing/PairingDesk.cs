using System.Collections.Concurrent;
using System.Security.Cryptography;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Pairing;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;
using Account = Evolution.Simulator.Accounts.Account;

namespace Evolution.Simulator.Pairing;

/// <summary>Companions that wait to be linked, and how a phone finds the one that it means: by QR text or by code. Source: Baileys src/Socket/socket.ts, whatsmeow pair.go.</summary>
internal sealed class PairingDesk(SimulatedWorld world)
{
    private const int RefCount = 6;
    private const int KeptOldRefs = 10_000;
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(20);

    private readonly CompanionLinking _linking = new(world);
    private readonly ConcurrentDictionary<string, PairingOffer> _byRef = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, PairingOffer> _byConnection = new();
    private readonly ConcurrentQueue<string> _oldOrder = new();
    private readonly ConcurrentDictionary<string, byte> _old = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _oldCodes = new(StringComparer.Ordinal);
    private volatile TaskCompletionSource _hello = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How long a phone looks for the companion whose code it was given: clients show it before their request for it has arrived here.</summary>
    public static TimeSpan HelloGrace { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Takes in a client without an identity: checks its keys, gives it refs to show.</summary>
    public void Offer(ServerConnection connection)
    {
        if (Read(connection) is not { } offer)
        {
            connection.Finish(NodeExtensions.Failure(400), "a bad registration");
            return;
        }

        _byConnection[connection.Id] = offer;
        foreach (var reference in offer.Refs)
            _byRef[reference] = offer;
        SimulatorLog.WaitsForPairing(world.Log, connection.Id);
        var iq = new Node("iq", new NodeAttributes { { "from", Jid.WhatsAppServer }, { "type", "set" }, { "id", connection.NextId() }, { "xmlns", "md" } },
            [new Node("pair-device", null, [.. offer.Refs.Select(r => new Node("ref", null, System.Text.Encoding.ASCII.GetBytes(r)))])]);
        world.Background.Run(async () =>
        {
            try
            {
                await connection.QueryAsync(iq, s_answerLimit, world.Stopping).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                world.Violations.Report("pair-device-unanswered", "The companion did not answer the refs it got.");
            }
        });
    }

    /// <summary>Who waits to be linked, the longest first.</summary>
    public IEnumerable<PairingOffer> Waiting() => _byConnection.Values.OrderBy(offer => offer.Connection.Id);

    /// <summary>Forgets which codes were shown once.</summary>
    public void Clear()
    {
        _old.Clear();
        _oldOrder.Clear();
        _oldCodes.Clear();
    }

    public void Withdraw(ServerConnection connection)
    {
        if (!_byConnection.TryRemove(connection.Id, out var offer))
            return;
        if (offer.LinkCode is { } code)
        {
            code.Finish.TrySetCanceled();
            if (world.Directory.FindNumber(code.Number) is not null)
                _oldCodes[code.Number] = 0;
        }

        foreach (var reference in offer.Refs)
        {
            _byRef.TryRemove(reference, out _);
            _old[reference] = 0;
            _oldOrder.Enqueue(reference);
            if (_oldOrder.Count > KeptOldRefs && _oldOrder.TryDequeue(out var oldest))
                _old.TryRemove(oldest, out _);
        }
    }

    /// <summary>Links the companion that shows this QR text. Returns once it is linked and told to come back.</summary>
    public Task<Device> ScanAsync(Account account, string text, CancellationToken ct)
    {
        if (!QrCode.TryParse(text, out var qr))
            throw new PairingFailedException(PairingFailure.BadCode, "This is no QR text of a companion: ref, noise key, identity and secret are expected.");
        if (!_byRef.TryGetValue(qr.Reference, out var offer))
        {
            throw _old.ContainsKey(qr.Reference)
                ? new PairingFailedException(PairingFailure.Expired, "The companion that showed this code is gone; take the code it shows now.")
                : new PairingFailedException(PairingFailure.Unknown, "Nobody shows this code.");
        }

        if (!qr.NoiseKey.Span.SequenceEqual(offer.Connection.NoiseKey.Span) || !qr.IdentityKey.Span.SequenceEqual(offer.Identity.Span))
        {
            world.Violations.Report("qr-keys", "The keys in a QR text are not those the companion registered with.");
            throw new PairingFailedException(PairingFailure.Rejected, "The keys in the code are not those of the companion's connection.");
        }

        return _linking.LinkAsync(account, offer, qr.AdvSecret, ct);
    }

    /// <summary>A companion's step in the pairing by code.</summary>
    public ValueTask<Node?> LinkCodeStageAsync(ServerConnection connection, Node iq)
    {
        var body = iq.Child("link_code_companion_reg")!;
        if (!_byConnection.TryGetValue(connection.Id, out var offer))
            return new(iq.Error(400, "bad-request"));
        switch (body["stage"])
        {
            case "companion_hello" when body.JidOf("jid") is { IsPhone: true } jid:
                return new(Hello(offer, jid, iq, body));
            case "companion_finish" when offer.LinkCode is { } state:
                state.Finish.TrySetResult(body);
                return new(iq.Result());
            default:
                world.Violations.Report("bad-link-code-stage", "An unknown or untimely stage of a pairing by code.", null, iq["id"]);
                return new(iq.Error(400, "bad-request"));
        }
    }

    /// <summary>Links the companion that waits with a pairing code for this account's number.</summary>
    public async Task<Device> EnterCodeAsync(Account account, string code, CancellationToken ct)
    {
        var offer = await WaitForHelloAsync(account, ct).ConfigureAwait(false);
        var state = offer.LinkCode!;
        if (state.Finish.Task.IsCompleted)
            state.Finish = new TaskCompletionSource<Node>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ephemeral = KeyPair.Generate();
        var companionEphemeral = PairingCode.UnwrapEphemeral(code, state.WrappedEphemeral.Span);
        offer.Connection.Post(new Node("notification", new NodeAttributes
        {
            { "from", Jid.WhatsAppServer }, { "type", "link_code_companion_reg" }, { "id", world.NewStanzaId() }, { "t", world.UnixNow().ToString() },
        },
        [
            new Node("link_code_companion_reg", new NodeAttributes { { "stage", "primary_hello" } },
            [
                new Node("link_code_pairing_ref", null, state.Reference),
                new Node("primary_identity_pub", null, account.SigningKey.PublicKey),
                new Node("link_code_pairing_wrapped_primary_ephemeral_pub", null, PairingCode.WrapEphemeral(code, ephemeral.PublicKey.Span)),
            ]),
        ]));

        // It may have gone just now, before its last stage could be taken back.
        if (!_byConnection.ContainsKey(offer.Connection.Id))
            throw Gone();
        Node finish;
        try
        {
            finish = await state.Finish.Task.WaitAsync(s_answerLimit, world.Time, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (state.Finish.Task.IsCanceled)
        {
            throw Gone(e);
        }

        if (!(finish.Child("link_code_pairing_ref")?.Bytes ?? default).Span.SequenceEqual(state.Reference))
            world.Violations.Report("link-code-ref", "The last stage of a pairing by code names another ref.");
        byte[] advSecret;
        try
        {
            advSecret = PairingCode.OpenFinish(ephemeral, account.SigningKey, companionEphemeral, offer.Identity.Span,
                (finish.Child("link_code_pairing_wrapped_key_bundle")?.Bytes ?? default).Span);
        }
        catch (PairingException e)
        {
            throw new PairingFailedException(PairingFailure.Unknown, "The companion that waits for this number shows another code.", e);
        }

        return await _linking.LinkAsync(account, offer, advSecret, ct).ConfigureAwait(false);
    }

    private async Task<PairingOffer> WaitForHelloAsync(Account account, CancellationToken ct)
    {
        using var grace = new CancellationTokenSource(HelloGrace, world.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, ct);
        while (true)
        {
            var hello = _hello.Task;
            if (_byConnection.Values.FirstOrDefault(o => o.LinkCode?.Number == account.Number) is { } offer)
                return offer;
            try
            {
                await hello.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
            {
                throw _oldCodes.ContainsKey(account.Number)
                    ? Gone(e)
                    : new PairingFailedException(PairingFailure.Unknown, "No companion waits with a pairing code for this number.", e);
            }
        }
    }

    private static PairingFailedException Gone(Exception? inner = null) =>
        new(PairingFailure.Expired, "The companion that showed a code for this number is gone or linked; ask for a new code.", inner);

    private Node Hello(PairingOffer offer, Jid jid, Node iq, Node body)
    {
        var wrapped = body.Child("link_code_pairing_wrapped_companion_ephemeral_pub")?.Bytes ?? default;
        var noise = body.Child("companion_server_auth_key_pub")?.Bytes ?? default;
        var display = body.Child("companion_platform_display")?.Text ?? "";
        if (wrapped.Length != 80 || !noise.Span.SequenceEqual(offer.Connection.NoiseKey.Span) || !display.Contains('(', StringComparison.Ordinal))
        {
            world.Violations.Report("bad-companion-hello", "A companion_hello needs an 80-byte ephemeral, its own noise key and a display name like Chrome (Linux).", null, iq["id"]);
            return iq.Error(400, "bad-request");
        }

        var state = new LinkCodeState(jid.User, wrapped, RandomNumberGenerator.GetBytes(16));
        offer.LinkCode = state;
        Interlocked.Exchange(ref _hello!, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        return iq.Result(new Node("link_code_companion_reg", new NodeAttributes { { "stage", "companion_hello" } },
            [new Node("link_code_pairing_ref", null, state.Reference)]));
    }

    private PairingOffer? Read(ServerConnection connection)
    {
        var data = connection.Payload!.DevicePairingData;
        if (data.EIdent.Length != 32 || data.ESkeyVal.Length != 32 || data.ESkeySig.Length != 64 || data.ERegid.Length != 4 || data.ESkeyId.Length != 3
            || data.EKeytype.Span is not [5])
        {
            world.Violations.Report("bad-registration", "A field of the registration payload has the wrong length.");
            return null;
        }

        if (!SignedPreKeys.Verify(data.EIdent.Span, data.ESkeyVal.Span, data.ESkeySig.Span))
        {
            world.Violations.Report("bad-signature", "The registration's signed pre-key signature does not hold.");
            return null;
        }

        var signedPreKey = new PublicSignedPreKey(data.ESkeyId.Memory.BigEndian(), data.ESkeyVal.Memory, data.ESkeySig.Memory);
        var refs = Enumerable.Range(0, RefCount).Select(_ => "2@" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(66))).ToArray();
        return new PairingOffer(connection, refs, data.ERegid.Memory.BigEndian(), signedPreKey);
    }
}
