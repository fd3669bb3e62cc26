using System.Security.Cryptography;
using System.Text;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;
using Evolution.Protocol.Secrets;
using Google.Protobuf;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>Polls, votes and events.</summary>
internal static class PollRows
{
    public const string Vote = "vote";

    /// <summary>What a vote is given for.</summary>
    public const string Chosen = "Green";

    /// <summary>The poll that is voted on.</summary>
    public const string VotedPoll = "poll for one";

    private static readonly string[] s_options = [Chosen, "Black", "None"];

    public static IReadOnlyList<MatrixRow> All { get; } =
    [
        Poll(VotedPoll, 1),
        Poll("poll for several", 2),
        Poll("poll for any number", 0),
        new(Vote)
        {
            After = Earlier.OthersPoll,
            Content = VoteFor,
            Rust = at => new("vote", new
            {
                to = at.Chat.ToString(), target = at.Earlier.Id, creator = at.Reader.ToString(),
                secret = Convert.ToBase64String(at.Earlier.Content.MessageContextInfo.MessageSecret.Span), options = (string[])[Chosen],
            }),
            NotAt = Places.InChats,
            IsCompared = false,
            InGate = true,
        },
        new("event")
        {
            Content = _ => new Message
            {
                EventMessage = new() { Name = "Tea time", Description = "in the garden", StartTime = 1_800_000_000, EndTime = 1_800_003_600, ExtraGuestsAllowed = true, IsCanceled = false, IsScheduleCall = false },
            },
            Baileys = _ => new(new
            {
                @event = new
                {
                    name = "Tea time", description = "in the garden", extraGuestsAllowed = true,
                    startDate = DriverJson.Time(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000)), endDate = DriverJson.Time(DateTimeOffset.FromUnixTimeSeconds(1_800_003_600)),
                },
            }),
            NotAt = Places.InChats,
        },
    ];

    /// <summary>The options that an opened vote is for.</summary>
    public static IReadOnlyList<string> NamesIn(byte[] plaintext)
    {
        var hashes = Message.Types.PollVoteMessage.Parser.ParseFrom(plaintext).SelectedOptions;
        return [.. s_options.Where(option => hashes.Contains(HashOf(option)))];
    }

    private static MatrixRow Poll(string name, int selectable) => new(name)
    {
        Content = _ => Poll(new Message.Types.PollCreationMessage
        {
            Name = "Tea?",
            SelectableOptionsCount = (uint)selectable,
            Options = { s_options.Select(option => new Message.Types.PollCreationMessage.Types.Option { OptionName = option }) },
        }),
        Product = at => TextRows.To(at, new OutgoingPoll("Tea?", s_options, selectable)),
        Baileys = _ => new(new { poll = new { name = "Tea?", values = s_options, selectableCount = selectable } }),
        // Its call refuses a poll in which any number may be chosen.
        Rust = selectable == 0 ? null : at => new("poll", new { to = at.Chat.ToString(), name = "Tea?", options = s_options, selectable }),
        NotAt = Places.InChats,
    };

    // One choice travels as version 3, several as version 1 (Baileys src/Utils/messages.ts).
    private static Message Poll(Message.Types.PollCreationMessage poll)
    {
        var message = new Message { MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(poll.Name))) } };
        if (poll.SelectableOptionsCount == 1)
            message.PollCreationMessageV3 = poll;
        else
            message.PollCreationMessage = poll;
        return message;
    }

    private static Message VoteFor(CellContext at)
    {
        var vote = new Message.Types.PollVoteMessage { SelectedOptions = { HashOf(Chosen) } };
        var iv = RandomNumberGenerator.GetBytes(12);
        var box = new MessageSecretBox(at.Earlier.Id, at.Reader, at.Sender, MessageSecretBox.PollVote);
        return new Message
        {
            PollUpdateMessage = new()
            {
                PollCreationMessageKey = at.EarlierKey(),
                Vote = new() { EncIv = ByteString.CopyFrom(iv), EncPayload = ByteString.CopyFrom(box.Seal(at.Earlier.Content.MessageContextInfo.MessageSecret.Span, iv, vote.ToByteArray())) },
                SenderTimestampMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
            },
        };
    }

    private static ByteString HashOf(string option) => ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(option)));
}
