using System.Text.Json.Nodes;
using Evolution.Proto;
using Evolution.Simulator.Phones;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>A foreign client behind a driver. What it read comes back through its own schema, so that what it does not know is lost.</summary>
internal abstract class DriverParty(PeerDevice device, Phone phone) : Party(phone)
{
    public override int Position => device.Position;

    protected PeerDevice Device => device;

    public override async Task<string> SendAsync(MatrixRow row, CellContext at, CancellationToken ct)
    {
        var (operation, arguments) = Call(row, at);
        return (string)(await device.CallAsync(operation, arguments, ct))!["id"]!;
    }

    public override async Task<(string Chat, Message Content)> ReadAsync(string id, int after, CancellationToken ct)
    {
        var told = await device.WaitAsync("message", e => (string?)e["id"] == id && e["kinds"]!.AsArray().Count > 0, after, ct);
        return ((string)told["chat"]!, SentMessages.Read((string)(await device.CallAsync("encoded", new { message = id }, ct))!));
    }

    public override async Task<Message> SentAsync(string id, CancellationToken ct) => SentMessages.Read((string)(await device.CallAsync("encodedSent", new { message = id }, ct))!);

    public override async Task<string> DownloadAsync(string id, Message content, CancellationToken ct) =>
        (string)(await device.CallAsync("download", new { message = id }, ct))!["sha256"]!;

    public override async Task<IReadOnlyList<string>> OpenVoteAsync(string id, Message content, CellContext at, CancellationToken ct)
    {
        string[] people = [.. at.OtherForms.Append(at.Sender).Append(at.Reader).Select(jid => jid.ToString())];
        var names = await device.CallAsync("openVote", new { poll = at.Earlier.Id, vote = id, people }, ct);
        return [.. names!.AsArray().Select(name => (string)name!)];
    }

    protected abstract (string Operation, object Arguments) Call(MatrixRow row, CellContext at);

    /// <summary>What sends a content as it is.</summary>
    protected static JsonObject AsItIs(MatrixRow row, CellContext at)
    {
        var arguments = new JsonObject
        {
            ["to"] = at.Chat.ToString(),
            ["message"] = SentMessages.Base64(row.Content(at)),
            ["readers"] = new JsonArray([.. at.StatusReaders.Select(reader => JsonValue.Create(reader.ToString()))]),
        };
        if (row.File is { } file)
            arguments["file"] = new JsonObject { ["bytes"] = Convert.ToBase64String(file.Bytes), ["field"] = file.Field, ["kind"] = file.ApiName };
        return arguments;
    }
}
