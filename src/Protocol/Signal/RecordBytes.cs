using Google.Protobuf;

namespace Evolution.Protocol.Signal;

/// <summary>Checks on fields of stored records.</summary>
internal static class RecordBytes
{
    /// <exception cref="InvalidDataException">Another length.</exception>
    public static ReadOnlyMemory<byte> Require(ByteString field, int length) =>
        field.Length == length ? field.Memory : throw new InvalidDataException("A key of the stored record has a wrong length.");
}
