namespace Evolution.Gateway.Providers;

/// <summary>A message that was handed to WhatsApp.</summary>
/// <param name="Record">The message record (UTF-8 JSON) that the <c>send.message</c> event carries too.</param>
internal sealed record SentMessage(ReadOnlyMemory<byte> Record);
