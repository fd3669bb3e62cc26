using Evolution.Protocol.Nodes;

namespace Evolution.Client.Messages.Receiving;

/// <summary>An <c>enc</c> node.</summary>
/// <param name="Kind"><c>msg</c>, <c>pkmsg</c>, <c>skmsg</c> or <c>msmsg</c>.</param>
/// <param name="Count">How often the sender encrypted it again; 0 at first.</param>
/// <param name="IsHiddenOnFailure">Whether nothing is shown when it can't be read.</param>
internal readonly record struct EncryptedPart(string Kind, ReadOnlyMemory<byte> Bytes, int Count, bool IsHiddenOnFailure)
{
    public bool IsPairwise => Kind is "msg" or "pkmsg";

    public static EncryptedPart Read(Node enc) => new(
        enc["type"] ?? throw new FormatException("An enc without type."),
        enc.Bytes,
        // Another client's retry counter only steers our counting; a strange one counts as the first.
        int.TryParse(enc["count"], out var count) && count is > 0 and < 100 ? count : 0,
        enc["decrypt-fail"] == "hide");
}
