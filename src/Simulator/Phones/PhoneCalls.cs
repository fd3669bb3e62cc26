using System.Security.Cryptography;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Phones;

/// <summary>The calls that a phone makes: their signalling alone, there is no sound. The newest 100 are kept, until the simulator ends.</summary>
public sealed class PhoneCalls
{
    private const int Kept = 100;
    private readonly SimulatedWorld _world;
    private readonly Phone _phone;
    private readonly Lock _gate = new();
    private readonly List<PhoneCall> _calls = [];
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PhoneCalls(SimulatedWorld world, Phone phone)
    {
        _world = world;
        _phone = phone;
    }

    /// <summary>The calls, oldest first.</summary>
    public IReadOnlyList<PhoneCall> All
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    /// <summary>Ends at the next change.</summary>
    internal Task NextChange
    {
        get
        {
            lock (_gate)
                return _change.Task;
        }
    }

    /// <summary>Rings at somebody's companions. Source of what an offer carries: Baileys src/Socket/messages-recv.ts (handleCall).</summary>
    /// <param name="number">Whom to call.</param>
    /// <exception cref="ArgumentException">Nobody has this number.</exception>
    /// <exception cref="InvalidOperationException">The phone is offline.</exception>
    public async Task<PhoneCall> OfferAsync(string number, bool video = false)
    {
        if (!_phone.Online)
            throw new InvalidOperationException("The phone is offline.");
        var to = _world.FindPhone(number)?.Account ?? throw new ArgumentException("Nobody has this number.", nameof(number));
        var call = new PhoneCall(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), to.Number, video, _world.Time.GetUtcNow(), "ringing");
        Change(calls =>
        {
            calls.Add(call);
            if (calls.Count > Kept)
                calls.RemoveAt(0);
        });
        var lid = _phone.Account.Settings.AddressByLid;
        var offer = new Node(
            "offer",
            new NodeAttributes { { "call-id", call.Id }, { "call-creator", _phone.Account.Jid(lid) }, { "caller_pn", lid ? _phone.Jid : null } },
            [new Node(video ? "video" : "audio", new NodeAttributes { { "enc", "opus" }, { "rate", "8000" } })]);
        var writes = new Writes();
        _world.Calls.Relay(writes, _phone.Device, new Node("call", new NodeAttributes { { "id", PhoneOutbox.MakeId() }, { "to", to.Jid(lid) } }, [offer]));
        await _world.Store.CommitAsync(writes).ConfigureAwait(false);
        return call;
    }

    /// <summary>The other side said something about a call.</summary>
    internal void Hear(Node call)
    {
        if (call.Children is not [var what, ..] || what.Tag is not ("accept" or "reject" or "terminate"))
            return;
        Change(calls =>
        {
            var index = calls.FindIndex(c => c.Id == what["call-id"]);
            if (index >= 0)
                calls[index] = calls[index] with { State = what.Tag };
        });
    }

    private void Change(Action<List<PhoneCall>> change)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            change(_calls);
            signal = _change;
            _change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        signal.SetResult();
    }
}
