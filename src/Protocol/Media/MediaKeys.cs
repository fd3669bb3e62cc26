using Evolution.Protocol.Crypto;

namespace Evolution.Protocol.Media;

/// <summary>The keys of one file (Baileys Utils/messages-media.ts, getMediaKeys; whatsmeow download.go, getMediaKeys).</summary>
internal readonly struct MediaKeys
{
    public const int BlockLength = 16;
    public const int MacLength = 10;

    private const int CipherKeyLength = 32;
    private const int MacKeyLength = 32;
    // The last 32 bytes of the expansion have no use outside WhatsApp's own apps.
    private const int ExpandedLength = 112;

    private readonly byte[] expanded;

    private MediaKeys(byte[] expanded) => this.expanded = expanded;

    public ReadOnlySpan<byte> Iv => expanded.AsSpan(0, BlockLength);

    public ReadOnlySpan<byte> CipherKey => expanded.AsSpan(BlockLength, CipherKeyLength);

    public ReadOnlySpan<byte> MacKey => expanded.AsSpan(BlockLength + CipherKeyLength, MacKeyLength);

    public static MediaKeys Derive(ReadOnlySpan<byte> mediaKey, MediaKind kind)
    {
        if (mediaKey.Length != MediaEncryptor.KeyLength)
            throw new MediaFormatException($"A media key has {MediaEncryptor.KeyLength} bytes, this one {mediaKey.Length}.");
        return new MediaKeys(Hkdf.Derive(mediaKey, ExpandedLength, [], Info(kind)));
    }

    private static ReadOnlySpan<byte> Info(MediaKind kind) => kind switch
    {
        MediaKind.Image => "WhatsApp Image Keys"u8,
        MediaKind.Video => "WhatsApp Video Keys"u8,
        MediaKind.Audio => "WhatsApp Audio Keys"u8,
        MediaKind.Document => "WhatsApp Document Keys"u8,
        MediaKind.History => "WhatsApp History Keys"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There are no keys of this kind."),
    };
}
