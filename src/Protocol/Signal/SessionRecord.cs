using System.Collections.Immutable;
using Evolution.Proto.Signal;
using Google.Protobuf;

namespace Evolution.Protocol.Signal;

/// <summary>
/// The sessions with one device of a peer: the current one and up to 40 earlier ones, so that messages made for those still open.
/// Immutable: <see cref="SessionCipher"/> returns a new record for each step, and nothing it refuses changes an old one.
/// </summary>
public sealed class SessionRecord
{
    /// <summary>Earlier sessions kept (libsignal's limit).</summary>
    internal const int MaxArchived = 40;

    // Serialised, because they are read once in a blue moon and written back with every message.
    private readonly ImmutableArray<ByteString> _archived;

    internal SessionRecord(SessionState current, ImmutableArray<ByteString> archived)
    {
        Current = current;
        _archived = archived;
    }

    /// <summary>The peer device's registration id; another one in a bundle or retry means it was set up anew.</summary>
    public uint RemoteRegistrationId => Current.RemoteRegistrationId;

    /// <summary>The peer device's identity in the current session, 32 bytes.</summary>
    public ReadOnlyMemory<byte> RemoteIdentity => Current.RemoteIdentity;

    /// <summary>The current session's name, 32 bytes: the same on both sides, another after every new start.</summary>
    public ReadOnlyMemory<byte> BaseKey => Current.BaseKey;

    internal SessionState Current { get; }

    internal int ArchivedCount => _archived.Length;

    /// <summary>Reads a stored record.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a record.</exception>
    public static SessionRecord Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var structure = SessionRecordStructure.Parser.ParseFrom(bytes);
            return new SessionRecord(SessionState.FromStructure(structure.Current), [.. structure.Archived]);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException("The stored session record cannot be read.", e);
        }
    }

    /// <summary>The bytes to store. They hold secrets.</summary>
    public byte[] ToBytes()
    {
        var structure = new SessionRecordStructure { Current = Current.ToStructure() };
        structure.Archived.AddRange(_archived);
        return structure.ToByteArray();
    }

    internal SessionRecord WithCurrent(SessionState state) => new(state, _archived);

    /// <summary>This record with a new session; the current one becomes the newest archived.</summary>
    internal SessionRecord Replace(SessionState state) => new(state, Archive(_archived));

    /// <summary>This record with a step of an archived session, which becomes the current one.</summary>
    internal SessionRecord Promote(int archivedIndex, SessionState state) => new(state, Archive(_archived.RemoveAt(archivedIndex)));

    internal SessionState ArchivedAt(int index)
    {
        try
        {
            return SessionState.FromStructure(SessionStateStructure.Parser.ParseFrom(_archived[index]));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException("A stored archived session cannot be read.", e);
        }
    }

    private ImmutableArray<ByteString> Archive(ImmutableArray<ByteString> archived)
    {
        if (archived.Length >= MaxArchived)
            archived = archived.RemoveRange(MaxArchived - 1, archived.Length - MaxArchived + 1);
        return archived.Insert(0, Current.ToStructure().ToByteString());
    }
}
