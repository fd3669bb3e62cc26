using Evolution.Protocol.Jids;
using Xunit;

namespace Evolution.Protocol.Tests.Jids;

public sealed class JidTests
{
    [Theory]
    [InlineData("5511999990001@s.whatsapp.net", "5511999990001", "s.whatsapp.net", 0)]
    [InlineData("5511999990001:12@s.whatsapp.net", "5511999990001", "s.whatsapp.net", 12)]
    [InlineData("5511999990001@c.us", "5511999990001", "s.whatsapp.net", 0)]
    [InlineData("5511999990001_3:12@s.whatsapp.net", "5511999990001", "s.whatsapp.net", 12)]
    [InlineData("123456789012345:3@lid", "123456789012345", "lid", 3)]
    [InlineData("123456789012345_1:3@lid", "123456789012345", "lid", 3)]
    [InlineData("5511999990001:99@hosted", "5511999990001", "hosted", 99)]
    [InlineData("123456789012345:99@hosted.lid", "123456789012345", "hosted.lid", 99)]
    [InlineData("5511999990001-1500000000@g.us", "5511999990001-1500000000", "g.us", 0)]
    [InlineData("status@broadcast", "status", "broadcast", 0)]
    [InlineData("120363000000000002@newsletter", "120363000000000002", "newsletter", 0)]
    [InlineData("867051314767696@bot", "867051314767696", "bot", 0)]
    [InlineData("3EB0C431C26A1916@call", "3EB0C431C26A1916", "call", 0)]
    [InlineData("100000000000001:2@msgr", "100000000000001", "msgr", 2)]
    [InlineData("@s.whatsapp.net", "", "s.whatsapp.net", 0)]
    [InlineData("s.whatsapp.net", "", "s.whatsapp.net", 0)]
    [InlineData("g.us", "", "g.us", 0)]
    public void Parse_reads_every_kind(string text, string user, string server, int device)
    {
        var jid = Jid.Parse(text);
        Assert.Equal((user, server, device), (jid.User, jid.Server, jid.Device));
    }

    [Fact]
    public void Parse_reads_the_integrator_of_another_messenger()
    {
        var jid = Jid.Parse("7-123456:5@interop");
        Assert.Equal(("123456", 7, 5), (jid.User, jid.Integrator, jid.Device));
        Assert.Equal("7-123456:5@interop", jid.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5511999990001")]
    [InlineData("5511999990001@")]
    [InlineData("a@b@c")]
    [InlineData("5511999990001:x@s.whatsapp.net")]
    [InlineData("5511999990001:-1@s.whatsapp.net")]
    [InlineData("5511999990001:65536@s.whatsapp.net")]
    [InlineData("5511999990001:@s.whatsapp.net")]
    [InlineData("5511999990001_300:1@s.whatsapp.net")]
    [InlineData("123456@interop")]
    [InlineData("70000-123456@interop")]
    public void TryParse_refuses_what_is_no_jid(string? text)
    {
        Assert.False(Jid.TryParse(text, out var jid));
        Assert.True(jid.IsEmpty);
    }

    [Fact]
    public void Parse_names_no_text_in_its_error() =>
        Assert.DoesNotContain("5511999990001", Assert.Throws<FormatException>(() => Jid.Parse("5511999990001")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("5511999990001@s.whatsapp.net", "5511999990001.0")]
    [InlineData("5511999990001:7@s.whatsapp.net", "5511999990001.7")]
    [InlineData("123456789012345:7@lid", "123456789012345_1.7")]
    [InlineData("5511999990001:99@hosted", "5511999990001_128.99")]
    [InlineData("123456789012345:99@hosted.lid", "123456789012345_129.99")]
    public void The_signal_address_carries_the_addressing_domain(string text, string address)
    {
        Assert.Equal(address, Jid.Parse(text).ToSignalAddress().ToString());
        Assert.Equal(Jid.Parse(text).ToSignalAddress(), SignalAddress.Parse(address));
    }

    [Theory]
    [InlineData("5511999990001:7@s.whatsapp.net", "5511999990001@s.whatsapp.net")]
    [InlineData("5511999990001:99@hosted", "5511999990001@s.whatsapp.net")]
    [InlineData("123456789012345:99@hosted.lid", "123456789012345@lid")]
    [InlineData("123456789012345:7@lid", "123456789012345@lid")]
    [InlineData("7-123456:5@interop", "7-123456@interop")]
    [InlineData("120363000000000001@g.us", "120363000000000001@g.us")]
    public void ToUser_drops_the_device_and_the_hosting(string device, string user) => Assert.Equal(Jid.Parse(user), Jid.Parse(device).ToUser());

    [Fact]
    public void Kinds_are_told_apart()
    {
        var phone = Jid.ForPhone("5511999990001");
        var lid = Jid.ForLid("123456789012345");
        Assert.True(phone is { IsPhone: true, IsUser: true, IsLid: false, IsGroup: false, IsHosted: false, IsEmpty: false });
        Assert.True(lid is { IsLid: true, IsUser: true, IsPhone: false });
        Assert.True(Jid.Parse("1:99@hosted") is { IsPhone: true, IsHosted: true });
        Assert.True(Jid.Parse("1:99@hosted.lid") is { IsLid: true, IsHosted: true });
        Assert.True(Jid.Parse("1@g.us") is { IsGroup: true, IsUser: false });
        Assert.True(Jid.Status is { IsStatus: true, IsBroadcast: true });
        Assert.True(Jid.Parse("55@broadcast") is { IsStatus: false, IsBroadcast: true });
        Assert.True(Jid.Parse("1@newsletter").IsNewsletter);
        Assert.True(Jid.WhatsAppServer is { IsUser: false, IsEmpty: false });
        Assert.True(default(Jid) is { IsEmpty: true, IsUser: false, IsGroup: false });
    }

    [Theory]
    [InlineData("867051314767696@bot", true)]
    [InlineData("13135550002@c.us", true)]
    [InlineData("13165550012@s.whatsapp.net", true)]
    [InlineData("131355500021@s.whatsapp.net", false)]
    [InlineData("5511999990001@s.whatsapp.net", false)]
    public void Bots_are_known_by_server_or_number(string text, bool bot) => Assert.Equal(bot, Jid.Parse(text).IsBot);

    [Fact]
    public void Equality_is_by_value_and_counts_the_device()
    {
        Assert.Equal(Jid.Parse("1@c.us"), Jid.ForPhone("1"));
        Assert.NotEqual(Jid.ForPhone("1").WithDevice(1), Jid.ForPhone("1"));
        Assert.Equal("", default(Jid).ToString());
    }
}
