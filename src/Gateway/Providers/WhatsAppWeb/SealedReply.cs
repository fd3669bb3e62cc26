using Evolution.Client.Messages;
using Evolution.Proto;
using Evolution.Protocol.Secrets;
using Google.Protobuf;
using SecretEncType = Evolution.Proto.Message.Types.SecretEncryptedMessage.Types.SecretEncType;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>A content that only who has the message it answers to can open.</summary>
/// <param name="Target">The message it answers to.</param>
/// <param name="Purpose">One of <see cref="MessageSecretBox"/>'s purposes.</param>
internal sealed record SealedReply(MessageKey Target, string Purpose, ByteString Iv, ByteString Box)
{
    /// <summary>Whether it is something to see by itself. What only changes another message is nothing while it is sealed.</summary>
    public bool StandsAlone => Purpose is MessageSecretBox.Reaction or MessageSecretBox.Comment or MessageSecretBox.EventResponse;

    /// <returns>Null when the content is not sealed.</returns>
    public static SealedReply? Of(Message content)
    {
        var reply = MessageContents.Unwrap(content) switch
        {
            { PollUpdateMessage: { Vote: { } vote } poll } => new SealedReply(poll.PollCreationMessageKey, MessageSecretBox.PollVote, vote.EncIv, vote.EncPayload),
            { EncReactionMessage: { } reaction } => new SealedReply(reaction.TargetMessageKey, MessageSecretBox.Reaction, reaction.EncIv, reaction.EncPayload),
            { EncCommentMessage: { } comment } => new SealedReply(comment.TargetMessageKey, MessageSecretBox.Comment, comment.EncIv, comment.EncPayload),
            { EncEventResponseMessage: { } answer } => new SealedReply(answer.EventCreationMessageKey, MessageSecretBox.EventResponse, answer.EncIv, answer.EncPayload),
            { SecretEncryptedMessage: { SecretEncType: SecretEncType.MessageEdit } edit } => new SealedReply(edit.TargetMessageKey, MessageSecretBox.Edit, edit.EncIv, edit.EncPayload),
            { SecretEncryptedMessage: { SecretEncType: SecretEncType.EventEdit } edit } => new SealedReply(edit.TargetMessageKey, MessageSecretBox.EventEdit, edit.EncIv, edit.EncPayload),
            _ => null,
        };
        return reply?.Target is { HasId: true } ? reply : null;
    }
}
