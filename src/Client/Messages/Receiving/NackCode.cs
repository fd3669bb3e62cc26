namespace Evolution.Client.Messages.Receiving;

/// <summary>Why we refuse a stanza: the <c>error</c> of our ack. Source: Baileys Utils/decode-wa-message.ts, NACK_REASONS.</summary>
internal enum NackCode
{
    ParsingError = 487,
    InvalidProtobuf = 491,
    MissingMessageSecret = 495,
    UnhandledError = 500,
}
