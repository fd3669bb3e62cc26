using System.Text.Json;
using Evolution.Client.Addressing;
using Evolution.Client.Messages;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Tests.Vectors;
using Xunit;

namespace Evolution.Client.Tests.Vectors;

/// <summary>ids-and-names.json, the part that a client reads: which of a user's devices get a message.</summary>
[Trait("Part", "vectors")]
public sealed class KnownDeviceListsTests
{
    [Theory]
    [KnownCases("ids-and-names.json", "device_lists")]
    public void The_right_devices_of_an_answer_are_used(KnownCase row)
    {
        var own = new OwnAddress(Jid.Parse(row.Text("me")), Jid.Parse(row.Text("my_lid")));
        var request = new UserDevicesRequest([], "1", DateTimeOffset.UnixEpoch);
        var users = row.Json.GetProperty("users").EnumerateArray().Select(User);
        var reply = new Node("iq", null, [new Node("usync", null, [new Node("list", null, [.. users])])]);

        var used = request.Read(reply)
            .SelectMany(answer => answer.Devices!.Devices.Select(device => DeviceDirectory.DeviceJid(answer.User, device)))
            .Where(device => !own.IsThisDevice(device));

        // `right` stands where Baileys errs.
        var expected = row.Json.GetProperty(row.Has("right") ? "right" : "result").EnumerateArray().Select(jid => jid.GetString());
        Assert.Equal(expected, used.Select(jid => jid.ToString()));
    }

    private static Node User(JsonElement user) => new("user", new() { { "jid", user.Text("jid") } },
    [
        new Node("devices", null, [new Node("device-list", null, [.. user.GetProperty("devices").EnumerateArray().Select(Device)])]),
    ]);

    private static Node Device(JsonElement device) => new("device", new()
    {
        { "id", device.GetProperty("id").GetRawText() },
        { "key-index", device.TryGetProperty("key_index", out var index) ? index.GetRawText() : null },
        { "is_hosted", device.TryGetProperty("is_hosted", out var hosted) && hosted.GetBoolean() ? "true" : null },
    });
}
