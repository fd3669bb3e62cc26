using Evolution.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>
/// A content of ours as Evolution tells of it. Evolution tells what it asked its library for, which is a little more than a person's phone needs:
/// answers, events and rows have it, the wire has not.
/// </summary>
internal static class SentContent
{
    // Evolution dates a chat's disappearing-messages setting two days back in all that it sends to people, and clients have come to see it there.
    private static readonly TimeSpan SettingAge = TimeSpan.FromDays(2);

    /// <param name="message">The content as it is sent; it is not changed.</param>
    /// <param name="toPerson">Whether it goes to a person rather than a group or the statuses.</param>
    /// <param name="at">When it is sent.</param>
    public static MessageContent Of(Message message, bool toPerson, DateTimeOffset at)
    {
        var shown = message.Clone();
        if (toPerson)
            AddSetting(shown, at);
        if (shown.ListMessage is { } list)
            list.ListType = Message.Types.ListMessage.Types.ListType.ProductList;
        return MessageContent.Of(shown);
    }

    private static void AddSetting(Message message, DateTimeOffset at)
    {
        // Reactions have no context, and Evolution leaves buttons (a wrapper) and polls without.
        if (MessageContent.MainField(message) is not { FieldType: FieldType.Message } main || main.Name.StartsWith("poll", StringComparison.Ordinal))
            return;
        var content = (IMessage)main.Accessor.GetValue(message);
        if (!ContentContext.IsPossible(content))
            return;
        var context = ContentContext.Of(content) ?? new ContextInfo();
        context.EphemeralSettingTimestamp = (at - SettingAge).ToUnixTimeSeconds();
        context.DisappearingMode = new DisappearingMode { Initiator = DisappearingMode.Types.Initiator.ChangedInChat };
        ContentContext.Set(content, context);
    }
}
