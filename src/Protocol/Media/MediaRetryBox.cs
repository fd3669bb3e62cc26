using System.Security.Cryptography;
using System.Text;
using Evolution.Protocol.Crypto;

namespace Evolution.Protocol.Media;

/// <summary>
/// Seals what a device and the phone say to each other about a file that has to be uploaded again; the message's id is bound to it
/// (Baileys Utils/messages-media.ts, encryptMediaRetryRequest, decryptMediaRetryData; whatsmeow mediaretry.go).
/// </summary>
public static class MediaRetryBox
{
    /// <summary>Bytes of a nonce.</summary>
    public const int NonceLength = 12;

    /// <summary>Seals a message's part.</summary>
    /// <param name="mediaKey">The file's key.</param>
    /// <param name="nonce">12 random bytes.</param>
    /// <param name="messageId">The message that has the file.</param>
    /// <param name="plaintext">A serialised <c>ServerErrorReceipt</c> or <c>MediaRetryNotification</c>.</param>
    public static byte[] Seal(ReadOnlySpan<byte> mediaKey, ReadOnlySpan<byte> nonce, string messageId, ReadOnlySpan<byte> plaintext) =>
        AesGcmBox.Seal(Key(mediaKey), nonce, plaintext, Encoding.UTF8.GetBytes(messageId));

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="MediaFormatException">It was made with another key or for another message, or is damaged.</exception>
    public static byte[] Open(ReadOnlySpan<byte> mediaKey, ReadOnlySpan<byte> nonce, string messageId, ReadOnlySpan<byte> box)
    {
        if (nonce.Length != NonceLength)
            throw new MediaFormatException("The nonce has a wrong length.");
        try
        {
            return AesGcmBox.Open(Key(mediaKey), nonce, box, Encoding.UTF8.GetBytes(messageId));
        }
        catch (CryptographicException e)
        {
            throw new MediaFormatException("The box can't be opened with the file's key.", e);
        }
    }

    private static byte[] Key(ReadOnlySpan<byte> mediaKey) => Hkdf.Derive(mediaKey, 32, [], "WhatsApp Media Retry Notification"u8);
}
