using Evolution.Client.Profiles;
using Evolution.Client.Stores;
using Evolution.Client.Tests.Messages;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;
using Xunit;
using Business = Evolution.Simulator.Accounts.BusinessProfile;

namespace Evolution.Client.Tests.Profiles;

/// <summary>What people and businesses show, read over the simulator's server.</summary>
public sealed class ProfileScenarioTests : Scenario
{
    private static readonly byte[] Picture = [0xFF, 0xD8, 0xFF, 1];

    [Fact]
    public async Task Picture_and_about_line_are_read_by_either_address_and_are_missing_where_there_are_none()
    {
        await PairAsync();
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await Alice.Profile.ChangeAsync(name: null, "Olá", Picture);

        foreach (var jid in (Jid[])[Alice.Jid, Alice.Lid])
        {
            Assert.Equal(Alice.Profile.PictureUrl, (await Device.Client.Profiles.PictureAsync(jid, Ct))!.AbsoluteUri);
            var about = await Device.Client.Profiles.AboutAsync(jid, Ct);
            Assert.Equal("Olá", about!.Text);
            Assert.True(about.SetAt > before, $"{about.SetAt} is the line's time");
        }

        Assert.Null(await Device.Client.Profiles.PictureAsync(Bob.Jid, Ct));
        Assert.Null(await Device.Client.Profiles.AboutAsync(Jid.ForPhone("5511999990099"), Ct));
        NoViolations();
    }

    [Fact]
    public async Task What_is_hidden_from_us_is_not_there()
    {
        await PairAsync();
        await Alice.Profile.ChangeAsync(name: null, "Olá", Picture);
        await Simulator.World.Settings.SetPrivacyAsync(Alice.Account, new Dictionary<string, string> { ["profile"] = "none", ["status"] = "none" });

        Assert.Null(await Device.Client.Profiles.PictureAsync(Alice.Jid, Ct));
        Assert.Equal(new AboutLine("", SetAt: null), await Device.Client.Profiles.AboutAsync(Alice.Jid, Ct));
        NoViolations();
    }

    [Fact]
    public async Task A_business_shows_what_it_wants_and_a_person_is_none()
    {
        await PairAsync();
        Assert.Null(await Device.Client.Profiles.BusinessAsync(Alice.Jid, Ct));

        await Alice.Profile.ShowBusinessAsync(new Business(
            "Shop", "Main St 1", "a@shop.example", ["https://shop.example", "https://blog.example"], "Retail", "America/Sao_Paulo", ["mon", "tue"]));

        var shown = (await Device.Client.Profiles.BusinessAsync(Alice.Jid, Ct))!;
        Assert.Equal((Alice.Jid, "Shop", "Main St 1", "a@shop.example", "Retail", "America/Sao_Paulo"),
            (shown.Jid, shown.Description, shown.Address, shown.Email, shown.Category, shown.TimeZone));
        Assert.Equal(["https://shop.example", "https://blog.example"], shown.Websites);
        Assert.Equal([new BusinessHours("mon", "open_24h", null, null), new BusinessHours("tue", "open_24h", null, null)], shown.Hours);

        await Alice.Profile.ShowBusinessAsync(new Business());
        shown = (await Device.Client.Profiles.BusinessAsync(Alice.Jid, Ct))!;
        Assert.Equal(("", null, null), (shown.Description, shown.Address, shown.Hours));
        Assert.Empty(shown.Websites);
        NoViolations();
    }

    [Fact]
    public async Task Who_gave_us_a_token_is_shown_it_with_its_time_and_we_ourselves_never()
    {
        await PairAsync();
        await using var alices = new TestDevice(Simulator);
        await PairAsync(alices, Alice);
        await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("you may look at me"), null, Ct);
        await UntilStoredAsync(async () => (await alices.Store.LoadTrustedContactTokensAsync([Bob.Lid], Ct)).ContainsKey(Bob.Lid));
        var kept = (await alices.Store.LoadTrustedContactTokensAsync([Bob.Lid], Ct))[Bob.Lid];
        var own = new DeviceWriteSet();
        own.TrustedContactTokens[Alice.Lid] = kept with { User = Alice.Lid };
        await alices.Store.CommitAsync(own, Ct);
        var watch = new StanzaWatch();
        Simulator.World.Interceptor = watch;

        await alices.Client.Profiles.PictureAsync(Bob.Jid, Ct);
        await alices.Client.Profiles.PictureAsync(Alice.Jid, Ct);

        var asked = watch.All(StanzaDirection.In).Where(node => node["xmlns"] == "w:profile:picture").Select(node => node.Child("picture")!).ToList();
        Assert.Equal(2, asked.Count);
        Assert.Equal(kept.Token, asked[0].Child("tctoken")!.Bytes.ToArray());
        Assert.Equal(kept.Timestamp!.Value.ToUnixTimeSeconds(), asked[0].Child("tctoken")!.LongOf("t"));
        Assert.Null(asked[1].Child("tctoken"));
        NoViolations();
    }

    [Fact]
    public void What_can_not_be_used_of_an_answer_is_left_out()
    {
        static Node Reply(Node body) => new("iq", new NodeAttributes { { "type", "result" } }, [body]);
        static Node Usync(params Node[] results) =>
            Reply(new Node("usync", null, [new Node("list", null, [new Node("user", new NodeAttributes { { "jid", "5511999990002@s.whatsapp.net" } }, results)])]));
        var jid = Jid.ForPhone("5511999990002");

        Assert.Null(new PictureRequest(jid, token: null).Read(Reply(new Node("picture", new NodeAttributes { { "status", "204" } }))));
        Assert.Null(new PictureRequest(jid, token: null).Read(Reply(new Node("picture", new NodeAttributes { { "url", "no address" } }))));
        Assert.Null(new AboutRequest(jid, "1").Read(Usync()));
        Assert.Null(new AboutRequest(jid, "1").Read(Usync(new Node("status", new NodeAttributes { { "t", "0" } }, ""))));
        Assert.Equal(new AboutLine("Olá", null), new AboutRequest(jid, "1").Read(Usync(new Node("status", new NodeAttributes { { "t", "0" } }, "Olá"))));
        Assert.Null(new BusinessProfileRequest(jid).Read(Reply(new Node("business_profile", new NodeAttributes { { "v", "244" } }))));
        var closed = new Node("business_hours", null, [new Node("business_hours_config", new NodeAttributes { { "day_of_week", "sun" } })]);
        Assert.Empty(new BusinessProfileRequest(jid).Read(Reply(new Node("business_profile", null, [new Node("profile", null, [closed])])))!.Hours!);
    }
}
