using Evolution.Client.Messages.Sending;
using Evolution.Proto;
using Xunit;
using ProtocolType = Evolution.Proto.Message.Types.ProtocolMessage.Types.Type;

namespace Evolution.Client.Tests.Messages;

public sealed class MessageTraitsTests
{
    [Fact]
    public void A_text_has_no_media_type() => Assert.Equal(("text", null, false, null, null), Parts(MessagingBench.Text("hi")));

    [Fact]
    public void A_voice_message_is_media() =>
        Assert.Equal(("media", "ptt", false, null, null), Parts(new Message { AudioMessage = new() { Ptt = true } }));

    [Fact]
    public void An_image_to_be_seen_once_is_media_without_a_media_type() => Assert.Equal(
        ("media", null, false, null, null),
        Parts(new Message { ViewOnceMessage = new() { Message = new Message { ImageMessage = new() } } }));

    [Fact]
    public void A_round_video_is_a_text() => Assert.Equal(("text", null, false, null, null), Parts(new Message { PtvMessage = new() }));

    [Fact]
    public void A_reaction_hides_where_it_fails() =>
        Assert.Equal(("reaction", null, true, null, null), Parts(new Message { ReactionMessage = new() { Text = "+" } }));

    [Fact]
    public void A_poll_says_so_in_its_meta() => Assert.Equal(
        ("poll", null, false, null, "creation"), Parts(new Message { PollCreationMessageV3 = new() { Name = "q" } }));

    [Theory]
    [InlineData(ProtocolType.MessageEdit, true, false, "1")]
    [InlineData(ProtocolType.Revoke, true, false, "7")]
    [InlineData(ProtocolType.Revoke, true, true, "7")]
    [InlineData(ProtocolType.Revoke, false, true, "8")]
    [InlineData(ProtocolType.EphemeralSetting, true, false, null)]
    public void Edits_and_revokes_are_numbered(ProtocolType type, bool ofOurs, bool toGroup, string? edit)
    {
        var message = new Message { ProtocolMessage = new() { Type = type, Key = new MessageKey { FromMe = ofOurs, Id = "A" } } };

        Assert.Equal(edit, MessageTraits.Of(message, toGroup).Edit);
    }

    private static (string Type, string? MediaType, bool Hide, string? Edit, string? Meta) Parts(Message message)
    {
        var traits = MessageTraits.Of(message, toGroup: false);
        return (traits.Type, traits.MediaType, traits.HideOnFailure, traits.Edit, traits.Meta?["polltype"]);
    }
}
