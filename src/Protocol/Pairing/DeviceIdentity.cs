using System.Security.Cryptography;
using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Google.Protobuf;

namespace Evolution.Protocol.Pairing;

/// <summary>
/// The proof that a companion belongs to an account: the phone signs the companion's identity, the companion signs back.
/// </summary>
/// <remarks>Baileys src/Utils/validate-connection.ts, configureSuccessfulPairing; whatsmeow pair.go, handlePair.</remarks>
public static class DeviceIdentity
{
    private static ReadOnlySpan<byte> AccountPrefix => [6, 0];

    private static ReadOnlySpan<byte> DevicePrefix => [6, 1];

    private static ReadOnlySpan<byte> HostedAccountPrefix => [6, 5];

    private static ReadOnlySpan<byte> HostedDevicePrefix => [6, 6];

    /// <summary>The companion's part: checks what <c>pair-success</c> carries and signs it.</summary>
    /// <param name="pairSuccess">The content of <c>device-identity</c>: an <see cref="ADVSignedDeviceIdentityHMAC"/>.</param>
    /// <param name="advSecret">The 32 bytes shown in the QR code, or agreed with the pairing code.</param>
    /// <param name="identity">This device's identity.</param>
    /// <exception cref="PairingException">With the error to answer.</exception>
    public static PairedIdentity VerifyAndSign(ReadOnlySpan<byte> pairSuccess, ReadOnlySpan<byte> advSecret, KeyPair identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var outer = Parse(ADVSignedDeviceIdentityHMAC.Parser, pairSuccess);
        var hmac = Hmac(advSecret, outer.AccountType == ADVEncryptionType.Hosted, outer.Details.Span);
        if (!CryptographicOperations.FixedTimeEquals(hmac, outer.Hmac.Span))
            throw new PairingException(PairingError.HmacMismatch, "The device identity was not made for this companion's secret.");

        var account = Parse(ADVSignedDeviceIdentity.Parser, outer.Details.Span);
        var details = Parse(ADVDeviceIdentity.Parser, account.Details.Span);
        var key = account.AccountSignatureKey.Span;
        if (!VerifyAccountSignature(account, details, identity.PublicKey.Span, key))
            throw new PairingException(PairingError.SignatureMismatch, "The account's signature of the device identity is wrong.");

        byte[] signed = [.. DevicePrefix, .. account.Details.Span, .. identity.PublicKey.Span, .. key];
        account.DeviceSignature = UnsafeByteOperations.UnsafeWrap(Curve25519.Sign(identity.PrivateKey.Span, signed));
        var reply = account.Clone();
        reply.ClearAccountSignatureKey();
        return new PairedIdentity(account, reply.ToByteArray(), details.KeyIndex);
    }

    /// <summary>The phone's part: the content of <c>device-identity</c> in <c>pair-success</c>.</summary>
    /// <param name="account">The phone's identity.</param>
    /// <param name="companionIdentity">The companion's identity, 32 bytes.</param>
    /// <param name="details">Raw id, time, key index and types; hosted prefixes are used where it says so.</param>
    /// <param name="advSecret">The companion's secret.</param>
    public static byte[] Issue(KeyPair account, ReadOnlySpan<byte> companionIdentity, ADVDeviceIdentity details, ReadOnlySpan<byte> advSecret)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(details);
        var inner = details.ToByteArray();
        byte[] signed = [.. AccountPrefixOf(details), .. inner, .. companionIdentity];
        var identity = new ADVSignedDeviceIdentity
        {
            Details = UnsafeByteOperations.UnsafeWrap(inner),
            AccountSignatureKey = UnsafeByteOperations.UnsafeWrap(account.PublicKey),
            AccountSignature = UnsafeByteOperations.UnsafeWrap(Curve25519.Sign(account.PrivateKey.Span, signed)),
        }.ToByteArray();
        var outer = new ADVSignedDeviceIdentityHMAC
        {
            Details = UnsafeByteOperations.UnsafeWrap(identity),
            Hmac = UnsafeByteOperations.UnsafeWrap(Hmac(advSecret, details.AccountType == ADVEncryptionType.Hosted, identity)),
        };
        if (details.HasAccountType)
            outer.AccountType = details.AccountType;
        return outer.ToByteArray();
    }

    /// <summary>
    /// Whether a companion's identity is signed by its account and by itself: the phone asks this of a <c>pair-device-sign</c>, others
    /// of the <c>device-identity</c> in a pre-key bundle or beside a pre-key message.
    /// </summary>
    /// <param name="signedIdentity">An <see cref="ADVSignedDeviceIdentity"/>.</param>
    /// <param name="deviceIdentity">The device's identity, 32 bytes.</param>
    /// <param name="accountKey">The account's (its phone's) identity, 32 bytes; empty to trust the key inside, if it is there.</param>
    public static bool Verify(ReadOnlySpan<byte> signedIdentity, ReadOnlySpan<byte> deviceIdentity, ReadOnlySpan<byte> accountKey)
    {
        ADVSignedDeviceIdentity identity;
        ADVDeviceIdentity details;
        try
        {
            identity = ADVSignedDeviceIdentity.Parser.ParseFrom(signedIdentity);
            details = ADVDeviceIdentity.Parser.ParseFrom(identity.Details);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
        var contained = identity.AccountSignatureKey.Span;
        if (accountKey.IsEmpty)
            accountKey = contained;
        else if (!contained.IsEmpty && !contained.SequenceEqual(accountKey))
            return false;
        return VerifyAccountSignature(identity, details, deviceIdentity, accountKey)
            && VerifyDeviceSignature(identity, details, deviceIdentity, accountKey);
    }

    private static bool VerifyAccountSignature(
        ADVSignedDeviceIdentity identity, ADVDeviceIdentity details, ReadOnlySpan<byte> device, ReadOnlySpan<byte> accountKey)
    {
        byte[] signed = [.. AccountPrefixOf(details), .. identity.Details.Span, .. device];
        return Curve25519.Verify(accountKey, signed, identity.AccountSignature.Span);
    }

    private static bool VerifyDeviceSignature(
        ADVSignedDeviceIdentity identity, ADVDeviceIdentity details, ReadOnlySpan<byte> device, ReadOnlySpan<byte> accountKey)
    {
        byte[] signed = [.. DevicePrefix, .. identity.Details.Span, .. device, .. accountKey];
        if (Curve25519.Verify(device, signed, identity.DeviceSignature.Span))
            return true;
        // A companion that pairs signs with the plain prefix whatever it is; Meta's own hosted devices use theirs.
        HostedDevicePrefix.CopyTo(signed);
        return details.DeviceType == ADVEncryptionType.Hosted && Curve25519.Verify(device, signed, identity.DeviceSignature.Span);
    }

    private static ReadOnlySpan<byte> AccountPrefixOf(ADVDeviceIdentity details) =>
        details.DeviceType == ADVEncryptionType.Hosted ? HostedAccountPrefix : AccountPrefix;

    private static byte[] Hmac(ReadOnlySpan<byte> secret, bool hosted, ReadOnlySpan<byte> details) =>
        hosted ? HMACSHA256.HashData(secret, [.. HostedAccountPrefix, .. details]) : HMACSHA256.HashData(secret, details);

    private static T Parse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new PairingException(PairingError.Malformed, "The device identity cannot be read.");
        }
    }
}
