using System.Globalization;
using System.Text.Json.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Pairing;
using Evolution.Simulator.Phones;

namespace Evolution.Simulator.ControlApi;

/// <summary>Phones: making, looking, linking and unlinking, network, receipts and presence.</summary>
internal sealed class PhoneEndpoints(SimulatedWorld world)
{
    private static readonly string[] s_chatstates = ["composing", "recording", "paused"];

    public void AddTo(ControlRouting routes)
    {
        routes.Map("POST", "/v1/phones", CreateAsync);
        routes.Map("GET", "/v1/phones", call => call.AnswerAsync(200, new JsonArray([.. world.Phones.OrderBy(p => p.Number, StringComparer.Ordinal).Select(Write)])));
        routes.Map("GET", "/v1/phones/{number}", call => call.AnswerAsync(200, Write(call.Phone())));
        routes.Map("POST", "/v1/phones/{number}/scan", ScanAsync);
        routes.Map("POST", "/v1/phones/{number}/link-code", LinkCodeAsync);
        routes.Map("POST", "/v1/phones/{number}/receipts", ReceiptsAsync);
        routes.Map("POST", "/v1/phones/{number}/presence", PresenceAsync);
        routes.Map("POST", "/v1/phones/{number}/profile", ProfileAsync);
        routes.Map("POST", "/v1/phones/{number}/business", BusinessAsync);
        routes.Map("POST", "/v1/phones/{number}/offline", call => NetworkAsync(call, online: false));
        routes.Map("POST", "/v1/phones/{number}/online", call => NetworkAsync(call, online: true));
        routes.Map("DELETE", "/v1/phones/{number}/devices/{device}", RemoveDeviceAsync);
        routes.Map("GET", "/v1/waiting", call => call.AnswerAsync(200, new JsonArray([.. world.Pairing.Waiting().Select(Write)])));
    }

    private async Task CreateAsync(ControlCall call)
    {
        var body = await call.BodyAsync("number", "name", "lid", "history").ConfigureAwait(false);
        PastSpec? past = null;
        if (body.Object("history", "chats", "messagesPerChat") is { } history)
        {
            past = new PastSpec((int)(history.Whole("chats", 0, 10_000) ?? throw ControlException.Bad("history.chats is missing.")),
                (int)(history.Whole("messagesPerChat", 0, 1000) ?? throw ControlException.Bad("history.messagesPerChat is missing.")));
        }

        var number = body.RequiredText("number");
        var lid = body.Text("lid")?.Replace("@lid", "", StringComparison.Ordinal);
        if (world.FindPhone(number) is not null)
            throw new ControlException(409, "number-taken", "There is a phone with this number already.");
        try
        {
            await call.AnswerAsync(201, Write(await world.CreatePhoneAsync(number, body.Text("name", 100), lid, past).ConfigureAwait(false))).ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            throw ControlException.Bad(e.Message.Split(" (Parameter", 2)[0]);
        }
    }

    private static async Task ScanAsync(ControlCall call)
    {
        var phone = call.Phone();
        var body = await call.BodyAsync("qr").ConfigureAwait(false);
        var qr = body.RequiredText("qr", 4096);
        await LinkAsync(call, phone, wait => phone.ScanAsync(qr, wait, call.Ended)).ConfigureAwait(false);
    }

    private static async Task LinkCodeAsync(ControlCall call)
    {
        var phone = call.Phone();
        var body = await call.BodyAsync("code").ConfigureAwait(false);
        var code = body.RequiredText("code", 16);
        if (code.Replace("-", "", StringComparison.Ordinal) is not { Length: 8 } digits || !digits.All(char.IsAsciiLetterOrDigit))
            throw new PairingFailedException(PairingFailure.BadCode, "A pairing code has eight letters and digits, with or without the dash in the middle.");
        await LinkAsync(call, phone, wait => phone.LinkCodeAsync(code, wait, call.Ended)).ConfigureAwait(false);
    }

    private static async Task LinkAsync(ControlCall call, Phone phone, Func<TimeSpan, Task<Evolution.Protocol.Jids.Jid>> link)
    {
        RequireOnline(phone);
        try
        {
            var jid = await link(call.Wait(20)).ConfigureAwait(false);
            await call.AnswerAsync(200, new JsonObject { ["number"] = phone.Number, ["device"] = jid.Device, ["jid"] = jid.ToString() }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !call.Ended.IsCancellationRequested))
        {
            throw new PairingFailedException(PairingFailure.NoLogin, "The companion left or went silent while it was being linked.", e);
        }
    }

    private async Task ReceiptsAsync(ControlCall call)
    {
        var phone = call.Phone();
        var body = await call.BodyAsync("chat", "ids", "type").ConfigureAwait(false);
        var chat = body.RequiredText("chat");
        var ids = body.RequiredTexts("ids");
        var type = body.Text("type") ?? "read";
        if (type is not ("read" or "played"))
            throw ControlException.Bad("type must be read or played; a phone confirms delivery by itself.");
        if (PhoneChat.Find(world, chat) is not { } target)
            throw new ControlException(404, "unknown-chat", "Nobody has this number, and no group this JID.");
        RequireOnline(phone);
        foreach (var id in ids)
        {
            if (phone.FindMessage(id) is not { FromMe: false } message || message.Chat != target.Key)
                throw new ControlException(404, "unknown-message", $"This phone has got no message {id} in this chat.");
        }

        await phone.ReadAsync(chat, ids, type == "played").ConfigureAwait(false);
        await call.AcceptedAsync().ConfigureAwait(false);
    }

    private async Task PresenceAsync(ControlCall call)
    {
        var phone = call.Phone();
        var body = await call.BodyAsync("to", "state").ConfigureAwait(false);
        var state = body.RequiredText("state");
        RequireOnline(phone);
        if (state is "available" or "unavailable")
        {
            phone.SetAvailable(state == "available");
        }
        else if (s_chatstates.Contains(state))
        {
            var to = body.RequiredText("to");
            var chat = MessageEndpoints.Recipient(world, to);
            if (chat is { Person: null, Group: null })
                throw new ControlException(422, "unsupported-recipient", "Only people and groups see whether somebody types.");
            if (chat.Group?.Has(phone.Account) == false)
                throw new ControlException(403, "not-in-group", "The phone is not in this group.");
            phone.SetChatstate(to, state);
        }
        else
        {
            throw ControlException.Bad("state must be available, unavailable, composing, recording or paused.");
        }

        await call.AcceptedAsync().ConfigureAwait(false);
    }

    private static async Task ProfileAsync(ControlCall call)
    {
        var phone = call.Phone();
        var body = await call.BodyAsync("name", "about", "picture").ConfigureAwait(false);
        var (name, about, picture) = (body.Text("name", 100), body.Text("about", 1000), body.Base64("picture"));
        if (name is null && about is null && picture is null)
            throw ControlException.Bad("Give a name, an about line or a picture; an empty picture takes it away.");
        if (name is { Length: 0 })
            throw ControlException.Bad("name must not be empty.");
        RequireOnline(phone);
        await phone.Profile.ChangeAsync(name, about, picture).ConfigureAwait(false);
        await call.AcceptedAsync().ConfigureAwait(false);
    }

    private static async Task BusinessAsync(ControlCall call)
    {
        var phone = call.Phone();
        var body = await call.BodyAsync("description", "address", "email", "websites", "category", "timeZone", "openDays").ConfigureAwait(false);
        RequireOnline(phone);
        await phone.Profile.ShowBusinessAsync(new BusinessProfile(
            body.Text("description", 1000), body.Text("address", 1000), body.Text("email", 320), body.Texts("websites", 2), body.Text("category", 100),
            body.Text("timeZone", 64), body.Texts("openDays", 7))).ConfigureAwait(false);
        await call.AcceptedAsync().ConfigureAwait(false);
    }

    private static async Task NetworkAsync(ControlCall call, bool online)
    {
        var phone = call.Phone();
        if (online != phone.Online)
            await (online ? phone.GoOnlineAsync() : phone.GoOfflineAsync()).ConfigureAwait(false);
        await call.AnswerAsync(200, Write(phone)).ConfigureAwait(false);
    }

    private static async Task RemoveDeviceAsync(ControlCall call)
    {
        var phone = call.Phone();
        if (!ushort.TryParse(call.Route("device"), NumberStyles.None, CultureInfo.InvariantCulture, out var device) || !await phone.RemoveDeviceAsync(device).ConfigureAwait(false))
            throw new ControlException(404, "unknown-device", "This phone has no linked device with this number.");
        await call.NothingAsync(204).ConfigureAwait(false);
    }

    internal static void RequireOnline(Phone phone)
    {
        if (!phone.Online)
            throw new ControlException(409, "offline", $"The phone is offline. POST /v1/phones/{phone.Number}/online gives it a network.");
    }

    private static JsonObject Write(Phone phone) => new()
    {
        ["number"] = phone.Number,
        ["lid"] = phone.Lid.ToString(),
        ["jid"] = phone.Jid.ToString(),
        ["name"] = phone.Name,
        ["about"] = phone.Profile.About,
        ["picture"] = phone.Profile.PictureUrl,
        ["online"] = phone.Online,
        ["devices"] = new JsonArray([.. phone.Devices().Select(d => new JsonObject
        {
            ["device"] = d.Number,
            ["platform"] = d.Platform,
            ["connected"] = d.Connected,
            ["lastSeen"] = ControlTime.Write(d.LastSeen),
        })]),
    };

    private static JsonObject Write(PairingOffer offer) => new()
    {
        ["since"] = ControlTime.Write(offer.Connection.ConnectedAt),
        ["platform"] = $"{offer.Props.Os} ({offer.Props.PlatformType})",
        ["linkCodeFor"] = offer.LinkCode?.Number,
    };
}
