using Evolution.Protocol.Jids;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Pairing;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Phones;

/// <summary>How a phone gets companions: the linking, and what a new one is told.</summary>
internal sealed class PhoneCompanions(SimulatedWorld world, Phone phone)
{
    /// <summary>Links, and waits for the login; whoever no longer waits does not stop a linking that has begun.</summary>
    public async Task<Jid> LinkAsync(Func<Task<Device>> link, TimeSpan wait, CancellationToken ct)
    {
        using var expired = new CancellationTokenSource(wait, world.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expired.Token, ct);
        var linking = link();
        try
        {
            var device = await linking.WaitAsync(either.Token).ConfigureAwait(false);
            await device.Activated.Task.WaitAsync(either.Token).ConfigureAwait(false);
            return device.PhoneJid;
        }
        catch (OperationCanceledException e) when (expired.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new PairingFailedException(PairingFailure.NoLogin, linking.IsCompletedSuccessfully
                ? "The companion is linked but did not log in in time."
                : "The companion did not answer in time.", e);
        }
        finally
        {
            if (!linking.IsCompleted)
                world.Background.Run(() => linking);
        }
    }

    /// <summary>Gives a new companion its key and history, once.</summary>
    public async Task BootstrapAsync(Device companion, CancellationToken ct)
    {
        if (!phone.Online)
            return;
        var writes = new Writes();
        Task committed;
        await phone.Cipher.Gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (companion.Bootstrapped)
                return;
            phone.Peers.Bootstrap(writes, companion);
            companion.Bootstrapped = true;
            AccountRows.Save(writes, companion);
            committed = await world.Store.SubmitAsync(writes).ConfigureAwait(false);
        }
        finally
        {
            phone.Cipher.Gate.Release();
        }

        await committed.ConfigureAwait(false);
    }
}
