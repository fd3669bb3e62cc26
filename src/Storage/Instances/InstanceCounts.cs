namespace Evolution.Storage.Instances;

/// <summary>How many rows an instance has.</summary>
public sealed record InstanceCounts(long Messages, long Contacts, long Chats);
