using System.Collections.Concurrent;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Brings the record of a message from the transaction that stores it to the request that waits for it: both show the same bytes.</summary>
internal sealed class SentRecords
{
    private readonly ConcurrentDictionary<string, Expected> expected = new(StringComparer.Ordinal);

    /// <summary>Announces that a message with this id is about to be sent; dispose the result when the request is over.</summary>
    public Expected Expect(string messageId) => expected[messageId] = new Expected(this, messageId);

    /// <summary>Hands the record to whoever expects it.</summary>
    public void Fill(string messageId, ReadOnlyMemory<byte> record)
    {
        if (expected.TryGetValue(messageId, out var waiting))
            waiting.Bytes = record;
    }

    internal sealed class Expected(SentRecords owner, string messageId) : IDisposable
    {
        /// <summary>The record; there once the send has returned.</summary>
        public ReadOnlyMemory<byte> Bytes { get; set; }

        public void Dispose() => owner.expected.TryRemove(messageId, out _);
    }
}
