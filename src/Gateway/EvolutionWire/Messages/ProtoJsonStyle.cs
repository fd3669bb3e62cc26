namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>How bytes and 64-bit numbers look in JSON.</summary>
internal enum ProtoJsonStyle
{
    /// <summary>Events and send answers: bytes are <c>{"0":17,"1":34}</c>, 64-bit numbers <c>{"low":1,"high":0,"unsigned":true}</c>.</summary>
    Event,

    /// <summary>Records of find routes: bytes are base64 texts, 64-bit numbers decimal texts.</summary>
    Record,

    /// <summary>
    /// Messages as protobufjs' own JSON has them, in <c>messages.edited</c> and the answers to edits and deletions: as <see cref="Record"/>, with
    /// enums as names and without empty lists.
    /// </summary>
    Raw,
}
