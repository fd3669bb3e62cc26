using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Api.Settings;

/// <summary>settings/set and settings/find.</summary>
internal static class SettingsEndpoints
{
    private static Schema SetBody { get; } = Schema.Object
        .Properties(
            ("rejectCall", Schema.Boolean),
            ("msgCall", Schema.String),
            ("groupsIgnore", Schema.Boolean),
            ("alwaysOnline", Schema.Boolean),
            ("readMessages", Schema.Boolean),
            ("readStatus", Schema.Boolean),
            ("syncFullHistory", Schema.Boolean),
            ("wavoipToken", Schema.String))
        .Required("rejectCall", "groupsIgnore", "alwaysOnline", "readMessages", "readStatus", "syncFullHistory")
        .NotEmpty("rejectCall", "groupsIgnore", "alwaysOnline", "readMessages", "readStatus", "syncFullHistory");

    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        var settings = routes.ServiceProvider.GetRequiredService<InstanceSettings>();
        var hosts = routes.ServiceProvider.GetRequiredService<IInstanceHosts>();
        routes.MapApi(
        [
            new(HttpMethods.Post, "/settings/set/{instanceName}", Access.Instance, SetBody, call => SetAsync(call, settings, hosts)),
            new(HttpMethods.Get, "/settings/find/{instanceName}", Access.Instance, null, call => Task.FromResult(Find(call))),
        ]);
    }

    private static async Task<ApiReply> SetAsync(ApiCall call, InstanceSettings settings, IInstanceHosts hosts)
    {
        var body = call.Body;
        await settings.SaveAsync(
            call.Instance,
            present => present with
            {
                RejectCall = body.IsTrue("rejectCall"),
                MsgCall = body.TextOf("msgCall") ?? present.MsgCall,
                GroupsIgnore = body.IsTrue("groupsIgnore"),
                AlwaysOnline = body.IsTrue("alwaysOnline"),
                ReadMessages = body.IsTrue("readMessages"),
                ReadStatus = body.IsTrue("readStatus"),
                SyncFullHistory = body.IsTrue("syncFullHistory"),
                WavoipToken = body.TextOf("wavoipToken") ?? present.WavoipToken,
            },
            call.Aborted);
        await hosts.HostOf(call.Instance).ApplySettingsAsync(call.Aborted);
        // The answer is what was sent, not what is stored; clients compare it.
        return ApiReply.Created(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("settings");
            writer.WriteString("instanceName", call.Instance.Name);
            writer.WritePropertyName("settings");
            body.WriteTo(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private static ApiReply Find(ApiCall call) => ApiReply.Ok(writer => SettingsJson.Write(writer, call.Instance.Settings));
}
