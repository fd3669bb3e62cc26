using Evolution.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>
/// The context that a content has in itself: what it answers to, whom it mentions, how long it stays. The kinds of content share no type for it; each
/// that can have one has it in a field of the same name.
/// </summary>
internal static class ContentContext
{
    /// <summary>Whether a content of this kind can have one.</summary>
    public static bool IsPossible(IMessage content) => FieldOf(content) is not null;

    /// <returns>Null when it has none.</returns>
    public static ContextInfo? Of(IMessage content) => FieldOf(content)?.Accessor.GetValue(content) as ContextInfo;

    /// <summary>Puts it in place of the one that is there. A kind that can have none stays as it is.</summary>
    public static void Set(IMessage content, ContextInfo context) => FieldOf(content)?.Accessor.SetValue(content, context);

    /// <summary>Takes it away, where there is one.</summary>
    public static void Clear(IMessage content) => FieldOf(content)?.Accessor.Clear(content);

    private static FieldDescriptor? FieldOf(IMessage content) => content.Descriptor.FindFieldByName("contextInfo");
}
