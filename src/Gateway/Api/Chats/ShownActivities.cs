using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Api.Chats;

/// <summary>
/// What requests show an account doing. In each chat the newest counts: it ends what was shown before, which then must not be taken back any more. A
/// client that shows "composing" again and again while it works would see its older requests take away what the newer ones show.
/// </summary>
internal sealed class ShownActivities(TimeProvider time)
{
    private readonly TimeProvider time = time;
    private readonly Lock gate = new();
    private readonly Dictionary<(string InstanceId, Jid Chat), Activity> newest = [];

    /// <summary>Takes the place of what is shown in the chat.</summary>
    public Activity Begin(string instanceId, Jid chat)
    {
        var begun = new Activity(this, (instanceId, chat));
        lock (gate)
        {
            if (newest.TryGetValue(begun.Place, out var before))
                before.Replaced.TrySetResult();
            newest[begun.Place] = begun;
        }

        return begun;
    }

    /// <summary>One request's activity; disposed when the request has been served.</summary>
    internal sealed class Activity(ShownActivities shown, (string InstanceId, Jid Chat) place) : IDisposable
    {
        public (string InstanceId, Jid Chat) Place => place;

        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Waits for its end; false when another one took its place before.</summary>
        public async Task<bool> LastsAsync(TimeSpan duration, CancellationToken cancellationToken)
        {
            try
            {
                await Replaced.Task.WaitAsync(duration, shown.time, cancellationToken);
                return false;
            }
            catch (TimeoutException)
            {
                return true;
            }
        }

        public void Dispose()
        {
            lock (shown.gate)
            {
                if (ReferenceEquals(shown.newest.GetValueOrDefault(place), this))
                    shown.newest.Remove(place);
            }
        }
    }
}
