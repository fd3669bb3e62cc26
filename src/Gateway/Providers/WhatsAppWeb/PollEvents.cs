using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Evolution.Client;
using Evolution.Client.Messages;
using Evolution.Client.Stores;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Proto;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>The rows of votes on polls: the newest of each voter counts, and <c>messages.update</c> of the poll tells how all of them stand.</summary>
internal sealed class PollEvents(EventRows events)
{
    /// <param name="info">Who votes.</param>
    /// <param name="opened">The vote, with the poll.</param>
    /// <param name="votedAt">When, by the voter's clock, in milliseconds since 1970.</param>
    public IReadOnlyList<IAttachedWrite> Voted(MessageInfo info, OpenedReply opened, long votedAt)
    {
        if (PollOf(opened.Target) is not { } poll)
            return [];
        // Strangers make polls and votes, and may name as many options as fit into a message: each is looked at once.
        var chosen = Message.Types.PollVoteMessage.Parser.ParseFrom(opened.Plaintext.Span).SelectedOptions.Select(hash => Convert.ToHexString(hash.Span)).ToHashSet(StringComparer.Ordinal);
        var options = poll.Options.Select(option => option.OptionName).Distinct(StringComparer.Ordinal).ToList();
        string[] names = [.. options.Where(option => chosen.Contains(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(option)))))];
        var voter = MessageRecordKey.ShownSender(info);
        var lane = info.CanonicalChat.ToString();
        return
        [
            new RecordPollVote(info.CanonicalChat, opened.Row.KeyId, info.CanonicalSender)
            {
                Vote = new PollVote(voter, names),
                VotedAt = votedAt,
                WhenCounted = votes => events.Of(EventNames.MessagesUpdate, lane, writer => WriteUpdate(writer, opened.Row, options, votes)),
            },
        ];
    }

    // The fourth version is a wrapper around one of the others.
    private static Message.Types.PollCreationMessage? PollOf(Message message)
    {
        var poll = MessageContents.Unwrap(message);
        return poll.PollCreationMessage ?? poll.PollCreationMessageV2 ?? poll.PollCreationMessageV3 ?? poll.PollCreationMessageV5;
    }

    private void WriteUpdate(Utf8JsonWriter writer, MessageRow poll, List<string> options, IReadOnlyList<PollVote> votes)
    {
        writer.WriteStartObject();
        writer.WriteString("keyId", poll.KeyId);
        writer.WriteString("remoteJid", poll.RemoteJid);
        writer.WriteBoolean("fromMe", poll.FromMe);
        if (!string.IsNullOrEmpty(poll.Participant))
            writer.WriteString("participant", poll.Participant);
        if (poll.Status is { } status)
            writer.WriteString("status", MessageStatusNames.Of(status));
        var voters = votes.SelectMany(vote => vote.Options.Select(option => (option, vote.Voter))).ToLookup(chosen => chosen.option, chosen => chosen.Voter, StringComparer.Ordinal);
        writer.WriteStartArray("pollUpdates");
        foreach (var option in options)
        {
            writer.WriteStartObject();
            writer.WriteString("name", option);
            writer.WriteStartArray("voters");
            foreach (var voter in voters[option])
                writer.WriteStringValue(voter);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("instanceId", events.Instance.Id);
        writer.WriteString("messageId", poll.Id);
        writer.WriteEndObject();
    }
}
