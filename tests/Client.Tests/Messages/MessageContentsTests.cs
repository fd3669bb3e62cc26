using Evolution.Client.Messages;
using Evolution.Proto;
using Google.Protobuf.Reflection;
using Xunit;
using FutureProofMessage = Evolution.Proto.Message.Types.FutureProofMessage;

namespace Evolution.Client.Tests.Messages;

public sealed class MessageContentsTests
{
    public static IEnumerable<TheoryDataRow<string>> Wrappers => Message.Descriptor.Fields.InFieldNumberOrder()
        .Where(one => one.FieldType == FieldType.Message && one.MessageType == FutureProofMessage.Descriptor)
        .Select(one => new TheoryDataRow<string>(one.Name));

    [Theory]
    [MemberData(nameof(Wrappers))]
    public void Every_wrapper_of_the_schema_is_opened(string wrapper)
    {
        var content = new Message { Conversation = "inside" };
        var message = new Message();
        Message.Descriptor.FindFieldByName(wrapper).Accessor.SetValue(message, new FutureProofMessage { Message = content });

        Assert.Same(content, MessageContents.Unwrap(message));
    }
}
