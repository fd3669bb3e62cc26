using System.Text.Json.Nodes;
using Evolution.Protocol.Jids;
using Evolution.Simulator.ControlApi.Content;
using Evolution.Simulator.Media;
using Evolution.Simulator.Phones;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.ControlApi;

/// <summary>What phones send and what they have.</summary>
internal sealed class MessageEndpoints(SimulatedWorld world)
{
    private static readonly string[] s_fields = [.. MessageBuilder.Kinds, "to", "id", "at", "quoted", "mentions", "forwarded", "viewOnce", "ephemeral"];
    private readonly MessageBuilder _builder = new(world);
    private readonly ReceivedMedia _media = new(world);

    public void AddTo(ControlRouting routes)
    {
        routes.Map("POST", "/v1/phones/{number}/messages", SendAsync);
        routes.Map("GET", "/v1/phones/{number}/messages", ReadAsync);
    }

    /// <summary>The chat that a recipient names.</summary>
    /// <exception cref="ControlException">Nobody, or a kind of chat that this simulator does not have.</exception>
    internal static PhoneChat Recipient(SimulatedWorld world, string to)
    {
        if (PhoneChat.Find(world, to) is { } chat)
            return chat;
        if (Jid.TryParse(to, out var jid) && !jid.IsUser && !jid.IsGroup)
            throw new ControlException(422, "unsupported-recipient", "This simulator has people, groups and statuses: no lists or newsletters.");
        throw new ControlException(404, "unknown-recipient",
            "Nobody has this number, and no group this JID. POST /v1/phones makes a phone for it, POST /v1/groups a group.");
    }

    private async Task SendAsync(ControlCall call)
    {
        var phone = call.Phone();
        var body = await call.BodyAsync(s_fields).ConfigureAwait(false);
        var to = body.RequiredText("to", 128);
        var recipient = Recipient(world, to);
        PhoneEndpoints.RequireOnline(phone);
        if (recipient.Group?.Has(phone.Account) == false)
            throw new ControlException(403, "not-in-group", "The phone is not in this group.");
        if (body.Text("id", 64) is { } id && (id.Length == 0 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
            throw ControlException.Bad("id must be 1 to 64 letters, digits, dashes, dots or underscores.");
        var writes = new Writes();
        var built = _builder.Build(new MessageRequest(world, phone, recipient, body), writes);
        var how = new OutgoingMessage { Id = body.Text("id"), At = body.Time("at"), Type = built.StanzaType, Edit = built.Edit };
        if (writes.Rows.Count > 0)
            await world.Store.CommitAsync(writes).ConfigureAwait(false);
        if (to.EndsWith("@lid", StringComparison.Ordinal))
            how = how with { ByLid = true };
        await call.AnswerAsync(201, new JsonObject { ["id"] = await phone.SendAsync(to, built.Content, how).ConfigureAwait(false) }).ConfigureAwait(false);
    }

    private async Task ReadAsync(ControlCall call)
    {
        var phone = call.Phone();
        var after = call.QueryWhole("after", 0, 0, long.MaxValue);
        var from = call.Query("from");
        if (from is not null)
            from = world.FindPhone(from)?.Number ?? from;
        var limit = (int)call.QueryWhole("limit", 200, 1, 1000);
        var found = await call.PollAsync(phone.NextChange, () => phone.Messages.After(after, from, limit) is { Count: > 0 } page ? page : null).ConfigureAwait(false) ?? [];
        await call.AnswerAsync(200, new JsonObject
        {
            ["messages"] = new JsonArray([.. found.Select(m => MessageJson.Write(m, _media.Check(m.Content, m.Id)))]),
            ["next"] = found.Count > 0 ? found[^1].Seq : after,
        }).ConfigureAwait(false);
    }
}
