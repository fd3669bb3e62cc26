using System.Security.Cryptography;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Secrets;
using Google.Protobuf;

namespace Evolution.Client.Messages.Sending;

/// <summary>
/// The token by which a receiver can report a message without the server having read it: a MAC, under a key derived from the message's
/// secret, of those fields that a report would show. Source: whatsmeow reportingtoken.go. (Baileys takes the padded bytes and the wrong sender.)
/// </summary>
internal static class ReportingToken
{
    /// <summary>The <c>reporting</c> node, or null when the message's kind or lack of a secret rules it out.</summary>
    /// <param name="serialized">The unpadded message.</param>
    public static Node? Create(Message message, ReadOnlySpan<byte> serialized, string id, Jid sender, Jid recipient)
    {
        if (message.MessageContextInfo is not { HasMessageSecret: true } context || !CarriesSecret(message))
            return null;

        var content = ReportedFields.Extract(serialized);
        if (content.Length == 0)
            return null;

        var key = new MessageSecretBox(id, sender.ToUser(), recipient.ToUser(), MessageSecretBox.ReportToken).DeriveKey(context.MessageSecret.Span);
        var mac = HMACSHA256.HashData(key, content);
        return new Node("reporting", null, [new Node("reporting_token", new NodeAttributes { { "v", "2" } }, mac.AsMemory(0, 16))]);
    }

    /// <summary>Gives the message a secret, from which later votes, edits and reports derive their keys, unless it is itself such an answer.</summary>
    public static void EnsureSecret(Message message)
    {
        if (!CarriesSecret(message) || message.MessageContextInfo is { HasMessageSecret: true })
            return;
        message.MessageContextInfo ??= new MessageContextInfo();
        message.MessageContextInfo.MessageSecret = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(MessageSecretBox.SecretSize));
    }

    private static bool CarriesSecret(Message message) =>
        message.ReactionMessage is null && message.EncReactionMessage is null
        && message.EncEventResponseMessage is null && message.PollUpdateMessage is null;
}
