using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers.Outgoing;

/// <summary>The message that a new one answers to.</summary>
/// <param name="Id">Its id on WhatsApp.</param>
/// <param name="Chat">Where it stands; null means the chat of the new message.</param>
/// <param name="Sender">Who wrote it; null means the other side of the chat, or this account when <paramref name="FromMe"/>.</param>
/// <param name="FromMe">Whether this account wrote it.</param>
/// <param name="Content">Its content as a serialised <c>Message</c>.</param>
internal sealed record QuotedMessage(string Id, Jid? Chat, Jid? Sender, bool FromMe, ReadOnlyMemory<byte> Content);
