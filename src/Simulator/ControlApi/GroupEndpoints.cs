using System.Text.Json.Nodes;
using Evolution.Protocol.Jids;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Groups;

namespace Evolution.Simulator.ControlApi;

/// <summary>Groups: making, looking, renaming, and who is in them.</summary>
internal sealed class GroupEndpoints(SimulatedWorld world)
{
    private const string InviteUrl = "https://chat.whatsapp.com/";
    private const int MaxMembers = 1024;
    private const int MaxSubject = 100;
    private const int MaxDescription = 2048;
    private const int MaxTimer = 31_536_000;
    private static readonly string[] s_actions = ["add", "remove", "promote", "demote"];

    public void AddTo(ControlRouting routes)
    {
        routes.Map("POST", "/v1/groups", CreateAsync);
        routes.Map("GET", "/v1/groups", call => call.AnswerAsync(200, new JsonArray([.. world.Groups.All.Select(Write)])));
        routes.Map("GET", "/v1/groups/{jid}", call => call.AnswerAsync(200, Write(Find(call))));
        routes.Map("PATCH", "/v1/groups/{jid}", PatchAsync);
        routes.Map("POST", "/v1/groups/{jid}/participants", ChangeAsync);
        routes.Map("GET", "/v1/groups/{jid}/invite", call => InviteAsync(call, Find(call).Creator, renew: false));
        routes.Map("POST", "/v1/groups/{jid}/invite", InviteAsync);
        routes.Map("POST", "/v1/phones/{number}/join", JoinAsync);
    }

    private async Task CreateAsync(ControlCall call)
    {
        var body = await call.BodyAsync("creator", "subject", "participants", "addressing").ConfigureAwait(false);
        var creator = Person(body.RequiredText("creator"));
        var others = (body.Texts("participants", MaxMembers - 1) ?? []).Select(Person).Distinct().ToList();
        var byLid = (body.Text("addressing") ?? "lid") switch
        {
            "lid" => true,
            "pn" => false,
            _ => throw ControlException.Bad("addressing must be lid or pn."),
        };
        var group = await world.GroupDesk.CreateAsync(creator, body.RequiredText("subject", MaxSubject), others, byLid).ConfigureAwait(false);
        await call.AnswerAsync(201, Write(group)).ConfigureAwait(false);
    }

    private async Task PatchAsync(ControlCall call)
    {
        var group = Find(call);
        var body = await call.BodyAsync("subject", "description", "ephemeral", "by").ConfigureAwait(false);
        var (actor, subject, description) = (Actor(body, group), body.Text("subject", MaxSubject), body.Text("description", MaxDescription));
        var ephemeral = body.Whole("ephemeral", 0, MaxTimer);
        if (subject is null && description is null && ephemeral is null)
            throw ControlException.Bad("Give a subject, a description, or ephemeral in seconds; an empty description takes it away, so does ephemeral 0.");
        if (subject is { Length: 0 })
            throw ControlException.Bad("subject must not be empty.");
        await GuardAsync(async () =>
        {
            if (subject is not null)
                await world.GroupDesk.RenameAsync(group, actor, subject).ConfigureAwait(false);
            if (description is not null)
                await world.GroupDesk.DescribeAsync(group, actor, description).ConfigureAwait(false);
            if (ephemeral is { } seconds)
                await world.GroupDesk.SetTimerAsync(group, actor, (int)seconds).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await call.AnswerAsync(200, Write(group)).ConfigureAwait(false);
    }

    private async Task InviteAsync(ControlCall call)
    {
        var body = await call.OptionalBodyAsync("renew", "by").ConfigureAwait(false);
        await InviteAsync(call, Actor(body, Find(call)), body.Flag("renew")).ConfigureAwait(false);
    }

    private async Task InviteAsync(ControlCall call, Account actor, bool renew)
    {
        var group = Find(call);
        var code = "";
        await GuardAsync(async () => code = await world.GroupDesk.InviteAsync(group, actor, renew).ConfigureAwait(false)).ConfigureAwait(false);
        await call.AnswerAsync(200, new JsonObject { ["code"] = code, ["url"] = InviteUrl + code }).ConfigureAwait(false);
    }

    private async Task JoinAsync(ControlCall call)
    {
        var phone = call.Phone();
        var code = (await call.BodyAsync("code").ConfigureAwait(false)).RequiredText("code", 128);
        PhoneEndpoints.RequireOnline(phone);
        var group = world.Groups.FindInvite(code.Replace(InviteUrl, "", StringComparison.Ordinal))
            ?? throw new ControlException(404, "unknown-invite", "No group has this invite code, or no longer.");
        if (group.Members().Count >= MaxMembers)
            throw new ControlException(409, "group-full", $"A group has at most {MaxMembers} members.");
        await GuardAsync(() => world.GroupDesk.JoinAsync(group, phone.Account)).ConfigureAwait(false);
        await call.AnswerAsync(200, Write(group)).ConfigureAwait(false);
    }

    private async Task ChangeAsync(ControlCall call)
    {
        var group = Find(call);
        var body = await call.BodyAsync("action", "participants", "by").ConfigureAwait(false);
        var action = body.RequiredText("action");
        if (!s_actions.Contains(action))
            throw ControlException.Bad($"action must be one of: {string.Join(", ", s_actions)}.");
        var people = body.RequiredTexts("participants").Select(Person).Distinct().ToList();
        if (action == "add" && group.Members().Count + people.Count > MaxMembers)
            throw new ControlException(409, "group-full", $"A group has at most {MaxMembers} members.");
        await GuardAsync(() => world.GroupDesk.ChangeAsync(group, Actor(body, group), action, people)).ConfigureAwait(false);
        await call.AnswerAsync(200, Write(group)).ConfigureAwait(false);
    }

    /// <summary>Who does it: somebody in particular, or the group's maker.</summary>
    private Account Actor(ControlBody body, Group group) => body.Text("by") is { } number ? Person(number) : group.Creator;

    private Group Find(ControlCall call) => Jid.TryParse(call.Route("jid"), out var jid) && world.Groups.Find(jid) is { } group
        ? group
        : throw new ControlException(404, "unknown-group", "There is no group with this JID. POST /v1/groups makes one.");

    private Account Person(string number) => world.FindPhone(number)?.Account
        ?? throw new ControlException(404, "unknown-phone", $"There is no phone {number}. POST /v1/phones makes one.");

    private static async Task GuardAsync(Func<Task> change)
    {
        try
        {
            await change().ConfigureAwait(false);
        }
        catch (GroupException e)
        {
            throw new ControlException(e.Code, e.Code switch { 403 => "no-admin", 404 => "not-in-group", _ => "in-group-already" }, e.Message);
        }
    }

    private static JsonObject Write(Group group) => new()
    {
        ["jid"] = group.Jid.ToString(),
        ["subject"] = group.Subject,
        ["description"] = group.Settings.Description?.Text,
        ["ephemeral"] = group.Settings.EphemeralSeconds,
        ["creator"] = group.Creator.Number,
        ["addressing"] = group.Mode,
        ["createdAt"] = ControlTime.Write(group.CreatedAt),
        ["participants"] = new JsonArray([.. group.Members().Select(member => new JsonObject
        {
            ["number"] = member.Key.Number,
            ["lid"] = member.Key.LidJid.ToString(),
            ["role"] = member.Value switch { GroupRole.SuperAdmin => "superadmin", GroupRole.Admin => "admin", _ => "member" },
        })]),
    };
}
