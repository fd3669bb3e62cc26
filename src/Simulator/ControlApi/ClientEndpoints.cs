using System.Text.Json.Nodes;
using Evolution.Protocol.Jids;
using Evolution.Simulator.Phones;
using Evolution.Simulator.Recording;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.ControlApi;

/// <summary>Connected companions, what passed between them and the server, and what they did wrong.</summary>
internal sealed class ClientEndpoints(SimulatedWorld world, StanzaRecorder recorder)
{
    private static readonly TimeSpan s_phonePatience = TimeSpan.FromSeconds(2);

    public void AddTo(ControlRouting routes)
    {
        routes.Map("GET", "/v1/clients", call => call.AnswerAsync(200, new JsonArray([.. Connected().Select(Write)])));
        routes.Map("GET", "/v1/clients/{jid}/stanzas", StanzasAsync);
        routes.Map("GET", "/v1/violations", call => call.AnswerAsync(200, new JsonObject
        {
            ["count"] = world.Violations.Count,
            ["violations"] = new JsonArray([.. world.Violations.Snapshot().Select(Write)]),
        }));
    }

    /// <summary>The device or, for a bare number, the account that a text names.</summary>
    /// <returns>Account number, and the device; null for every device of it.</returns>
    internal static (string Number, ushort? Device) Find(SimulatedWorld world, string text)
    {
        if (world.Directory.FindNumber(text) is { } byNumber)
            return (byNumber.Number, null);
        if (Jid.TryParse(text, out var jid) && world.Directory.Find(jid) is { } account)
            return (account.Number, jid.Device == 0 ? null : jid.Device);
        throw new ControlException(404, "unknown-client", "There is no such account. Name a companion as number:device@s.whatsapp.net.");
    }

    private IEnumerable<ServerConnection> Connected() => world.Login.Connections.Where(c => c.Device is not null).OrderBy(c => c.Id);

    private async Task StanzasAsync(ControlCall call)
    {
        var (number, device) = Find(world, call.Route("jid"));
        var direction = call.Query("direction");
        if (direction is not (null or "in" or "out"))
            throw ControlException.Bad("direction must be in (from the client) or out (to the client).");
        var tag = call.Query("tag");
        var after = call.QueryWhole("after", 0, 0, long.MaxValue);
        var limit = (int)call.QueryWhole("limit", 500, 1, 5000);
        bool Fits(RecordedStanza stanza) => stanza.Device.User == number && (device is null || stanza.Device.Device == device)
            && (tag is null || stanza.Node.Tag == tag) && (direction is null || direction == Name(stanza.Direction));

        var found = await call.PollAsync(recorder.Changed, () => recorder.After(after, limit, Fits) is { Count: > 0 } page ? page : null).ConfigureAwait(false) ?? [];
        await WaitForPhonesAsync(call, found).ConfigureAwait(false);
        await call.AnswerAsync(200, new JsonObject
        {
            ["stanzas"] = new JsonArray([.. found.Select(Write)]),
            ["next"] = found.Count > 0 ? found[^1].Seq : after,
        }).ConfigureAwait(false);
    }

    private JsonObject Write(RecordedStanza stanza)
    {
        var json = new JsonObject
        {
            ["seq"] = stanza.Seq,
            ["at"] = ControlTime.Write(stanza.At),
            ["direction"] = Name(stanza.Direction),
            ["client"] = stanza.Device.ToString(),
            ["node"] = NodeJson.Write(stanza.Node),
        };
        if (Decoded(stanza) is { } message)
            json["plaintext"] = MessageJson.Content(message.Content);
        return json;
    }

    private PhoneMessage? Decoded(RecordedStanza stanza) =>
        stanza.Node.Tag == "message" && stanza.Node["id"] is { } id ? world.FindPhone(stanza.Device.User)?.FindMessage(id) : null;

    /// <summary>The account's phone reads a message a moment after its companion has sent it or got it: a moment's patience, so that it is told decoded.</summary>
    private async Task WaitForPhonesAsync(ControlCall call, List<RecordedStanza> stanzas)
    {
        foreach (var stanza in stanzas.Where(stanza => stanza.Node.Tag == "message" && stanza.Node["category"] != "peer"))
        {
            var left = stanza.At + s_phonePatience - world.Time.GetUtcNow();
            if (left <= TimeSpan.Zero || world.FindPhone(stanza.Device.User) is not { Online: true } phone)
                continue;
            using var limit = new CancellationTokenSource(left, world.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, call.Ended);
            try
            {
                for (var change = phone.NextChange(); Decoded(stanza) is null; change = phone.NextChange())
                    await change.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!call.Ended.IsCancellationRequested)
            {
                // It could not be read, then: told as it is.
            }
        }
    }

    private static string Name(StanzaDirection direction) => direction == StanzaDirection.In ? "in" : "out";

    private static JsonObject Write(ServerConnection connection)
    {
        var device = connection.Device!;
        return new JsonObject
        {
            ["jid"] = device.PhoneJid.ToString(),
            ["lid"] = device.LidJid.ToString(),
            ["device"] = device.Number,
            ["kind"] = device.Platform,
            ["handshake"] = connection.Handshake,
            ["connectedAt"] = ControlTime.Write(connection.ConnectedAt),
            ["passive"] = !connection.Active,
            ["queued"] = device.Queue.Count,
            ["unackedCount"] = device.Queue.Unacked,
        };
    }

    private static JsonObject Write(Violation violation) => new()
    {
        ["seq"] = violation.Seq,
        ["at"] = ControlTime.Write(violation.At),
        ["code"] = violation.Code,
        ["message"] = violation.Message,
        ["client"] = violation.Device?.ToString(),
        ["stanzaId"] = violation.StanzaId,
    };
}
