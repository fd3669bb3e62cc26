using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Google.Protobuf;

namespace Evolution.Simulator.Media;

/// <summary>A file that a message names, as its reader found it.</summary>
/// <param name="Problem">Why it could not be downloaded or does not hold; null when all is well.</param>
internal sealed record MediaFinding(byte[] Sha256, long Size, string Mimetype, string? Problem);

/// <summary>Downloads what messages name, decrypts it and checks hashes, MAC and length, once per file.</summary>
internal sealed class ReceivedMedia(SimulatedWorld world)
{
    private const int Remembered = 4096;
    private const int MacLength = 10;

    private readonly ConcurrentDictionary<(string Path, ByteString Key), string?> _problems = new();

    /// <summary>The word in a file key's derivation. Source: Baileys src/Defaults/index.ts.</summary>
    public static string KeyKind(string content) => content switch
    {
        "image" or "sticker" => "Image",
        "video" or "ptv" => "Video",
        "audio" => "Audio",
        _ => "Document",
    };

    /// <summary>The file of a message; null when it has none.</summary>
    public MediaFinding? Check(Message content, string messageId)
    {
        if (MessageFile.Of(content) is not { } file)
            return null;
        var key = (file.DirectPath, file.Key);
        if (!_problems.TryGetValue(key, out var problem))
        {
            problem = Verify(file);
            if (_problems.Count >= Remembered)
                _problems.Clear();
            _problems[key] = problem;
            if (problem is not null)
                world.Violations.Report("bad-media", "The file of a message does not hold: " + problem, null, messageId);
        }

        return new MediaFinding(file.Sha256.ToByteArray(), file.Length, file.Mimetype, problem);
    }

    private string? Verify(MessageFile file)
    {
        if (world.Media.Find(file.DirectPath) is not { } bytes)
            return "the media host does not have it.";
        if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(file.EncryptedSha256.Span))
            return "the hash of the encrypted file differs.";
        if (file.Key.Length != 32 || bytes.Length <= MacLength)
            return "the key or the file is too short.";
        var derived = Hkdf.Derive(file.Key.Span, 112, default, Encoding.ASCII.GetBytes($"WhatsApp {KeyKind(file.Kind)} Keys"));
        var iv = derived.AsSpan(0, 16);
        var ciphertext = bytes.AsSpan(0, bytes.Length - MacLength);
        if (!HMACSHA256.HashData(derived.AsSpan(48, 32), [.. iv, .. ciphertext]).AsSpan(0, MacLength).SequenceEqual(bytes.AsSpan(ciphertext.Length)))
            return "the MAC differs.";
        byte[] plaintext;
        try
        {
            plaintext = AesCbcBox.Decrypt(derived.AsSpan(16, 32), iv, ciphertext);
        }
        catch (CryptographicException)
        {
            return "its padding is wrong.";
        }

        return !SHA256.HashData(plaintext).AsSpan().SequenceEqual(file.Sha256.Span) ? "the hash of the file differs."
            : plaintext.Length != file.Length ? "the length differs."
            : null;
    }
}
