using System.Text;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;

namespace Evolution.Protocol.Secrets;

/// <summary>
/// Seals what answers to a message under a key of that message's secret: votes, responses to events, encrypted reactions, comments and edits.
/// The addresses go under the seal as they are given: a person's, without device. Source: whatsmeow msgsecret.go.
/// </summary>
/// <param name="MessageId">Id of the message whose secret it is.</param>
/// <param name="Author">Who wrote that message, in the address form that the answer's author used.</param>
/// <param name="Actor">Who answers, in the same form.</param>
/// <param name="Purpose">The kind of answer; see the constants.</param>
public readonly record struct MessageSecretBox(string MessageId, Jid Author, Jid Actor, string Purpose)
{
    /// <summary>A vote on a poll.</summary>
    public const string PollVote = "Poll Vote";

    /// <summary>An answer to an invitation.</summary>
    public const string EventResponse = "Event Response";

    /// <summary>A reaction.</summary>
    public const string Reaction = "Enc Reaction";

    /// <summary>A new text.</summary>
    public const string Edit = "Message Edit";

    /// <summary>A changed invitation.</summary>
    public const string EventEdit = "Event Edit";

    /// <summary>A comment.</summary>
    public const string Comment = "Enc Comment";

    /// <summary>The token by which a message can be reported.</summary>
    public const string ReportToken = "Report Token";

    /// <summary>Length of a message's secret, in bytes.</summary>
    public const int SecretSize = 32;

    private const int KeySize = 32;

    /// <summary>The key for this purpose.</summary>
    public byte[] DeriveKey(ReadOnlySpan<byte> secret) =>
        Hkdf.Derive(secret, KeySize, [], Encoding.UTF8.GetBytes($"{MessageId}{Author}{Actor}{Purpose}"));

    /// <summary>Ciphertext ‖ tag.</summary>
    public byte[] Seal(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> plaintext) =>
        AesGcmBox.Seal(DeriveKey(secret), iv, plaintext, AssociatedData);

    /// <summary>The plaintext of <see cref="Seal"/>'s output.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It was sealed for somebody or something else, or changed.</exception>
    public byte[] Open(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> box) =>
        AesGcmBox.Open(DeriveKey(secret), iv, box, AssociatedData);

    private byte[] AssociatedData =>
        Purpose is PollVote or EventResponse ? Encoding.UTF8.GetBytes($"{MessageId}\0{Actor}") : [];
}
