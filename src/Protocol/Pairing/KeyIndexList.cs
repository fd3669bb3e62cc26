using System.Diagnostics.CodeAnalysis;
using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Google.Protobuf;

namespace Evolution.Protocol.Pairing;

/// <summary>The account's signed list of the companions that are valid, by key index, as device lists carry it.</summary>
/// <remarks>
/// Message ADVSignedKeyIndexList of WAProto. The prefix 06 02 continues the series of the device identity's; no open implementation
/// checks this signature, so treat the list as a hint, and its absence as normal.
/// </remarks>
public static class KeyIndexList
{
    private static ReadOnlySpan<byte> Prefix => [6, 2];

    /// <summary>The phone's part: the signed list.</summary>
    public static byte[] Issue(KeyPair account, ADVKeyIndexList list)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(list);
        var details = list.ToByteArray();
        return new ADVSignedKeyIndexList
        {
            Details = UnsafeByteOperations.UnsafeWrap(details),
            AccountSignature = UnsafeByteOperations.UnsafeWrap(Curve25519.Sign(account.PrivateKey.Span, [.. Prefix, .. details])),
        }.ToByteArray();
    }

    /// <summary>Reads the list and checks its signature; false when either fails. A device list without it is still a device list.</summary>
    /// <param name="signedList">An <see cref="ADVSignedKeyIndexList"/>.</param>
    /// <param name="accountKey">The account's (its phone's) identity, 32 bytes.</param>
    /// <param name="list">The list; null when the answer is false.</param>
    public static bool TryParse(ReadOnlySpan<byte> signedList, ReadOnlySpan<byte> accountKey, [NotNullWhen(true)] out ADVKeyIndexList? list)
    {
        list = null;
        try
        {
            var signed = ADVSignedKeyIndexList.Parser.ParseFrom(signedList);
            if (!Curve25519.Verify(accountKey, [.. Prefix, .. signed.Details.Span], signed.AccountSignature.Span))
                return false;
            list = ADVKeyIndexList.Parser.ParseFrom(signed.Details);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
