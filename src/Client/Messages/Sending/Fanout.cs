using Evolution.Client.Addressing;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Messages.Sending;

/// <summary>The devices that get a copy of a direct message: our own others first, then the recipient's (Baileys' order).</summary>
internal sealed class Fanout(MessagingContext context, DeviceDirectory devices)
{
    /// <summary>A device, in the form of the chat and in the form its session is kept under.</summary>
    internal readonly record struct Target(Jid Device, Jid Canonical, bool IsOwn);

    public async ValueTask<IReadOnlyList<Target>> ForAsync(Jid chat, CancellationToken ct)
    {
        var own = context.Own;
        var all = await devices.DevicesOfAsync([own.UserFor(chat), chat.ToUser()], ct).ConfigureAwait(false);
        var targets = new List<Target>(all.Count);
        foreach (var device in all.Where(device => !own.IsThisDevice(device)))
            targets.Add(new Target(device, await context.Addresses.CanonicalAsync(device, null, ct).ConfigureAwait(false), own.IsMe(device)));
        return [.. targets.Where(target => target.IsOwn), .. targets.Where(target => !target.IsOwn)];
    }

    /// <summary>The same devices as their sessions are kept now: a LID that became known changes that.</summary>
    public async ValueTask<IReadOnlyList<Target>> RefreshAsync(IReadOnlyList<Target> targets, DeviceWriteSet writes, CancellationToken ct)
    {
        var current = new List<Target>(targets.Count);
        foreach (var target in targets)
            current.Add(target with { Canonical = await context.Addresses.CanonicalAsync(target.Device, writes, ct).ConfigureAwait(false) });
        return current;
    }
}
