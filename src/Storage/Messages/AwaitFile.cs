using Evolution.Client.Stores;

namespace Evolution.Storage.Messages;

/// <summary>
/// Notes that the file of a message has still to be put into the object store; stands among what is written when the message is stored. Where
/// <see cref="FileQueue.Capacity"/> messages wait, nothing is noted.
/// </summary>
public sealed record AwaitFile : IAttachedWrite;
