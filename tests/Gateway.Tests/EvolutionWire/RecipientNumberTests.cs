using Evolution.Gateway.EvolutionWire;

namespace Evolution.Gateway.Tests.EvolutionWire;

public sealed class RecipientNumberTests
{
    [Theory]
    [InlineData("+55 (11) 98888-7777", "5511988887777@s.whatsapp.net")]
    [InlineData("5531688887777", "553188887777@s.whatsapp.net")]
    [InlineData("5531988887777", "553188887777@s.whatsapp.net")]
    [InlineData("5535912345678", "5535912345678@s.whatsapp.net")]
    [InlineData("551188887777", "551188887777@s.whatsapp.net")]
    [InlineData("5511988887777:12@s.whatsapp.net", "5511988887777@s.whatsapp.net")]
    [InlineData("5511988887777@c.us", "5511988887777@s.whatsapp.net")]
    [InlineData("5531988887777@c.us", "553188887777@s.whatsapp.net")]
    [InlineData("5531988887777@s.whatsapp.net", "5531988887777@s.whatsapp.net")]
    [InlineData("5215512345678", "525512345678@s.whatsapp.net")]
    [InlineData("5491112345678", "541112345678@s.whatsapp.net")]
    [InlineData("120363000000000001", "120363000000000001@g.us")]
    [InlineData("120363000000000001@g.us", "120363000000000001@g.us")]
    [InlineData("5511988887777-1600000000", "5511988887777-1600000000@g.us")]
    [InlineData("120363000000000009@newsletter", "120363000000000009@newsletter")]
    [InlineData("123@lid", "123@lid")]
    [InlineData("123:4@lid", "123@lid")]
    [InlineData("status@broadcast", "status@broadcast")]
    [InlineData("12025550123", "12025550123@s.whatsapp.net")]
    public void A_number_becomes_the_address_that_Evolution_makes_of_it(string number, string jid) =>
        Assert.Equal(jid, RecipientNumber.Parse(number)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("status")]
    [InlineData("+")]
    [InlineData("@s.whatsapp.net")]
    public void Nothing_is_made_of_a_text_without_a_number(string number) => Assert.Null(RecipientNumber.Parse(number));

    [Fact]
    public void The_number_as_written_is_asked_for_before_the_one_made_by_rule()
    {
        var parsed = RecipientNumber.Parse("5531988887777")!.Value;

        Assert.Equal(["5531988887777", "553188887777"], RecipientNumber.SpellingsOf("5531988887777", parsed).Select(jid => jid.User));
        Assert.Equal(["5511988887777", "551188887777"], RecipientNumber.SpellingsOf("+55 11 98888-7777", RecipientNumber.Parse("+55 11 98888-7777")!.Value).Select(jid => jid.User));
    }
}
