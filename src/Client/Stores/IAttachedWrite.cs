namespace Evolution.Client.Stores;

/// <summary>
/// A row of the application that must be written with a stanza's ratchet step or not at all.
/// A store writes the kinds it knows and refuses others.
/// </summary>
#pragma warning disable CA1040 // The client only carries these; their contents are between the event handler and the store.
public interface IAttachedWrite;
#pragma warning restore CA1040
