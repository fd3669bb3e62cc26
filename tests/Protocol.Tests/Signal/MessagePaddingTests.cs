using Evolution.Protocol.Signal;
using Xunit;

namespace Evolution.Protocol.Tests.Signal;

public sealed class MessagePaddingTests
{
    [Fact]
    public void Unpad_undoes_Pad_and_the_padding_is_1_to_16_bytes()
    {
        var lengths = new HashSet<int>();
        for (var i = 0; i < 2000; i++)
        {
            var padded = MessagePadding.Pad([9, 9]);
            lengths.Add(padded.Length - 2);
            Assert.Equal([9, 9], MessagePadding.Unpad(padded).ToArray());
        }
        Assert.Equal(Enumerable.Range(1, 16), lengths.Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("05")]
    [InlineData("010303")]
    public void Unpad_refuses_what_is_not_whole(string hex) =>
        SessionCipherTests.AssertError(SignalError.InvalidMessage, () => MessagePadding.Unpad(Convert.FromHexString(hex)));
}
