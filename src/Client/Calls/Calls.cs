using Evolution.Client.Messages;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Calls;

/// <summary>What can be done about calls without a microphone.</summary>
public sealed class Calls
{
    private readonly MessagingContext context;

    internal Calls(MessagingContext context) => this.context = context;

    /// <summary>Refuses a call. Returns when it is sent; a <see cref="CallChanged"/> tells what became of the call.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="creator">The device that began it, see <see cref="CallChanged.Creator"/>.</param>
    /// <exception cref="ConnectionLostException">There is no connection.</exception>
    public async Task RejectAsync(string callId, Jid creator, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        await context.Channel.SendAsync(CallStanzas.Reject(context.Channel.NextId(), context.Own.Device, creator, callId), ct).ConfigureAwait(false);
    }
}
