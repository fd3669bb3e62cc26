using System.Net.WebSockets;
using Evolution.Protocol.Framing;
using Evolution.Protocol.Nodes;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Connection;

internal sealed partial class WhatsAppConnection
{
    public string NextId() => ids.Next();

    public async ValueTask SendAsync(Node node, CancellationToken ct)
    {
        if (!IsOpen)
            throw new ConnectionLostException();
        if (log.IsEnabled(LogLevel.Trace))
            ConnectionLog.Sending(log, node);
        var plaintext = NodeWriter.Encode(node);
        // Before it is encrypted: a frame that was counted and does not leave is the end of the connection.
        if (plaintext.Length > StanzaSize.Max)
            throw new FrameFormatException($"A stanza of {plaintext.Length} bytes cannot be sent; {StanzaSize.Max} is the limit.");
        await writeTurn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await WriteAsync(plaintext).ConfigureAwait(false);
        }
        finally
        {
            writeTurn.Release();
        }
    }

    public async Task<Node> QueryAsync(Node iq, TimeSpan? timeout, CancellationToken ct)
    {
        var id = iq["id"] ?? NextId();
        var request = iq["id"] is null ? ConnectionStanzas.WithId(iq, id) : iq;
        var answer = await SendAndWaitAsync(request, id, timeout ?? QueryTimeout, ct).ConfigureAwait(false);
        return answer["type"] == "error" ? throw ConnectionStanzas.ReadError(answer) : answer;
    }

    public Task<Node> SendForAckAsync(Node node, string ackId, TimeSpan timeout, CancellationToken ct) => SendAndWaitAsync(node, ackId, timeout, ct);

    private async Task<Node> SendAndWaitAsync(Node node, string id, TimeSpan timeout, CancellationToken ct)
    {
        var answer = waiters.Add(id);
        try
        {
            await SendAsync(node, ct).ConfigureAwait(false);
            return await answer.WaitAsync(timeout, time, ct).ConfigureAwait(false);
        }
        finally
        {
            waiters.Remove(id);
        }
    }

    /// <summary>Encrypts and writes under one lock, so that frames leave in the order of their counters. The caller's token can't tear a frame apart.</summary>
    private async ValueTask WriteAsync(byte[] plaintext)
    {
        if (!IsOpen)
            throw new ConnectionLostException();
        // The network's time, whatever clock the client was given: a frame is not late because a test moved the clock on.
        using var deadline = new CancellationTokenSource(WriteTimeout, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ended.Token);
        try
        {
            FrameWriter.WriteFrame(output, cipher!.Encrypt(plaintext));
            await FlushAsync(both.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            Close(ConnectionEnd.Closed(deadline.IsCancellationRequested ? "a frame could not be written in time" : e.Message));
            throw new ConnectionLostException("The connection ended while a stanza was written.", e);
        }
    }

    private async ValueTask FlushAsync(CancellationToken ct)
    {
        try
        {
            await transport.SendAsync(output.WrittenMemory, ct).ConfigureAwait(false);
        }
        finally
        {
            output.ResetWrittenCount();
        }
    }
}
