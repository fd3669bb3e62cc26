using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolution.Simulator.Tests.Page;

/// <summary>One connection to a browser's DevTools: commands with their answers, and what the browser tells by itself.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _waiting = new();
    private readonly CancellationTokenSource _life = new();
    private Task _reader = Task.CompletedTask;
    private int _next;

    /// <summary>Gets every event, on the reading loop.</summary>
    public Action<string, JsonNode>? Told { get; set; }

    public static async Task<DevTools> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        var tools = new DevTools();
        await tools._socket.ConnectAsync(address, cancellationToken);
        tools._reader = tools.ReadAsync();
        return tools;
    }

    /// <param name="session">The page that is meant; null for the browser itself.</param>
    /// <exception cref="InvalidOperationException">The browser refused the command.</exception>
    public async Task<JsonNode> CallAsync(string? session, string method, object? parameters, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _next);
        var answer = _waiting[id] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = JsonSerializer.SerializeToNode(parameters ?? new { }) };
        if (session is not null)
            command["sessionId"] = session;
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }

        return await answer.Task.WaitAsync(s_limit, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _life.CancelAsync();
        await _reader;
        _socket.Dispose();
        _writing.Dispose();
        _life.Dispose();
    }

    private async Task ReadAsync()
    {
        var ending = "The browser closed the connection.";
        using var message = new MemoryStream();
        var part = new byte[64 << 10];
        try
        {
            while (true)
            {
                var read = await _socket.ReceiveAsync(part, _life.Token);
                if (read.MessageType == WebSocketMessageType.Close)
                    break;
                message.Write(part, 0, read.Count);
                if (!read.EndOfMessage)
                    continue;
                Take(JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!);
                message.SetLength(0);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            ending = e.Message;
        }

        foreach (var waiter in _waiting.Values)
            waiter.TrySetException(new InvalidOperationException(ending));
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is not { } id)
            Told?.Invoke((string)message["method"]!, message["params"]!);
        else if (_waiting.TryRemove((int)id, out var waiter) && message["error"] is { } error)
            waiter.TrySetException(new InvalidOperationException(error.ToJsonString()));
        else
            waiter?.TrySetResult(message["result"]!);
    }
}
