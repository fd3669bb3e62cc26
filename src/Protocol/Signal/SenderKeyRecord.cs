using System.Collections.Immutable;
using Evolution.Proto.Signal;
using Google.Protobuf;

namespace Evolution.Protocol.Signal;

/// <summary>The newest five sender keys of one device in one group. Immutable: <see cref="GroupCipher"/> returns a new record for each step.</summary>
public sealed class SenderKeyRecord
{
    /// <summary>Sender keys kept (libsignal's limit).</summary>
    internal const int MaxStates = 5;

    internal SenderKeyRecord(ImmutableArray<SenderKeyState> states) => States = states;

    /// <summary>Newest first, at least one.</summary>
    internal ImmutableArray<SenderKeyState> States { get; }

    /// <summary>Reads a stored record.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a record.</exception>
    public static SenderKeyRecord Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var structure = SenderKeyRecordStructure.Parser.ParseFrom(bytes);
            return structure.States.Count > 0
                ? new SenderKeyRecord([.. structure.States.Select(SenderKeyState.FromStructure)])
                : throw new InvalidDataException("The stored record has no sender key.");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException("The stored sender key record cannot be read.", e);
        }
    }

    /// <summary>The bytes to store. They hold secrets.</summary>
    public byte[] ToBytes()
    {
        var structure = new SenderKeyRecordStructure();
        structure.States.AddRange(States.Select(state => state.ToStructure()));
        return structure.ToByteArray();
    }
}
