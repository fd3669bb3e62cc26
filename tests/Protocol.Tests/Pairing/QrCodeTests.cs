using Evolution.Protocol.Pairing;
using Xunit;

namespace Evolution.Protocol.Tests.Pairing;

public sealed class QrCodeTests
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Fact]
    public void Format_writes_the_link_and_five_fields()
    {
        var key = Convert.FromBase64String(Key);
        Assert.Equal(
            $"https://wa.me/settings/linked_devices#2@ref,{Key},{Key},{Key},1",
            new QrCode("2@ref", key, key, key, "1").Format());
    }

    [Theory]
    [InlineData("https://wa.me/settings/linked_devices#2@ref,KEY,KEY,KEY,1", "1")]
    [InlineData("2@ref,KEY,KEY,KEY", null)]
    [InlineData(" 2@ref,KEY,KEY,KEY,9,later ", "9")]
    public void TryParse_reads_every_known_form(string text, string? clientType)
    {
        Assert.True(QrCode.TryParse(text.Replace("KEY", Key, StringComparison.Ordinal), out var code));
        Assert.Equal("2@ref", code.Reference);
        Assert.Equal(Convert.FromBase64String(Key), code.AdvSecret.ToArray());
        Assert.Equal(clientType, code.ClientType);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2@ref,KEY,KEY")]
    [InlineData(",KEY,KEY,KEY")]
    [InlineData("2@ref,KEY,KEY,AAAA")]
    [InlineData("2@ref,KEY,KEY,not base64")]
    public void TryParse_refuses_what_is_no_pairing_code(string? text) =>
        Assert.False(QrCode.TryParse(text?.Replace("KEY", Key, StringComparison.Ordinal), out _));
}
