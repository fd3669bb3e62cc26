namespace Evolution.Storage.Messages;

/// <summary>A stored message whose file is still to be put into the object store.</summary>
/// <param name="MessageId">The message's row.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="KeyId">WhatsApp's id of the message.</param>
/// <param name="RemoteJid">Its chat.</param>
/// <param name="Tries">How often it was tried in vain.</param>
/// <param name="CreatedAt">Since when it waits, in milliseconds since 1970.</param>
public sealed record WaitingFile(string MessageId, string InstanceId, string KeyId, string RemoteJid, int Tries, long CreatedAt);
