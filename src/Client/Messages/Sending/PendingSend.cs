using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Messages.Sending;

/// <summary>A message on its way from the caller to the connection.</summary>
/// <param name="sent">As it is stored.</param>
/// <param name="content">What is encrypted.</param>
/// <param name="plan">Who gets it.</param>
/// <param name="connection">The number of the connection that it may leave on.</param>
/// <param name="isResend">Whether it is stored already.</param>
internal sealed class PendingSend(SentMessage sent, Message content, IDeliveryPlan plan, long connection, bool isResend, CancellationToken ct)
{
    private readonly ExecutionContext? sender = ExecutionContext.Capture();
    private readonly TaskCompletionSource<MessageInfo?> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int taken;

    public SentMessage Sent { get; set; } = sent;

    public Message Content => content;

    public IDeliveryPlan Plan => plan;

    public long Connection => connection;

    public bool IsResend => isResend;

    /// <summary>Ends when the sender gives up.</summary>
    public CancellationToken Cancelled => ct;

    public SentMessageKey Key => new(Sent.Chat, Sent.Id);

    /// <summary>Set once it is encrypted.</summary>
    public (MessageInfo Info, Node Stanza) Encrypted { get; set; }

    /// <summary>Where it went; null when it has to be prepared again.</summary>
    public Task<MessageInfo?> Outcome => outcome.Task;

    public bool IsTaken => Volatile.Read(ref taken) == 1;

    /// <summary>Claims it: for sending it, or for giving it up. Only one succeeds.</summary>
    public bool TryTake() => Interlocked.Exchange(ref taken, 1) == 0;

    public void Succeed(MessageInfo? info) => outcome.TrySetResult(info);

    public void Fail(Exception cause) => outcome.TrySetException(cause);

    /// <summary>Works in the context of who sends it, so that logs and traces tell his request, whoever does the work.</summary>
    public ValueTask<T> AsSenderAsync<T>(Func<ValueTask<T>> work)
    {
        if (sender is null)
            return work();
        ValueTask<T> working = default;
        ExecutionContext.Run(sender, _ => working = work(), null);
        return working;
    }
}
