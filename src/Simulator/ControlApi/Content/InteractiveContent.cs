using System.Security.Cryptography;
using System.Text;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Secrets;
using Google.Protobuf;

namespace Evolution.Simulator.ControlApi.Content;

/// <summary>Reactions, polls and votes, replies to buttons and lists, events, invites and products.</summary>
internal sealed class InteractiveContent(SimulatedWorld world)
{
    public BuiltMessage Build(MessageRequest request, string kind)
    {
        var body = request.Body;
        return kind switch
        {
            "reaction" => new(Reaction(request, body.RequiredObject(kind, "id", "emoji")), "reaction"),
            "poll" => new(Poll(body.RequiredObject(kind, "name", "options", "selectable")), "poll"),
            "vote" => new(Vote(request, body.RequiredObject(kind, "id", "options")), "poll"),
            "buttonsReply" => new(ButtonsReply(body.RequiredObject(kind, "id", "text")), "text"),
            "listReply" => new(ListReply(body.RequiredObject(kind, "id", "title", "description")), "text"),
            "templateReply" => new(TemplateReply(body.RequiredObject(kind, "id", "text", "index")), "text"),
            "event" => new(Event(body.RequiredObject(kind, "name", "description", "start", "end", "location", "joinLink", "canceled")), "event"),
            "groupInvite" => new(GroupInvite(body.RequiredObject(kind, "groupJid", "code", "name", "caption", "expires")), "text"),
            "product" => new(Product(request, body.RequiredObject(kind, "id", "title", "description", "currency", "price1000", "url", "retailerId")), "text"),
            _ => throw new InvalidOperationException("No content is called " + kind),
        };
    }

    private Message Reaction(MessageRequest request, ControlBody fields) => new()
    {
        ReactionMessage = new Message.Types.ReactionMessage
        {
            Key = request.KeyOf(request.Find(fields.RequiredText("id"))),
            Text = fields.Text("emoji", 64) ?? "",
            SenderTimestampMs = world.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        },
    };

    private static Message Poll(ControlBody fields)
    {
        var options = fields.RequiredTexts("options");
        if (options.Count is < 2 or > 12 || options.Distinct(StringComparer.Ordinal).Count() != options.Count)
            throw ControlException.Bad("poll.options must be 2 to 12 different texts.");
        var selectable = (uint)(fields.Whole("selectable", 0, options.Count) ?? 1);
        var poll = new Message.Types.PollCreationMessage
        {
            Name = fields.RequiredText("name", 255),
            Options = { options.Select(o => new Message.Types.PollCreationMessage.Types.Option { OptionName = o }) },
            SelectableOptionsCount = selectable,
        };
        var message = new Message { MessageContextInfo = Secret() };
        // One choice travels as version 3, several as version 1. Source: Baileys src/Utils/messages.ts.
        if (selectable == 1)
            message.PollCreationMessageV3 = poll;
        else
            message.PollCreationMessage = poll;
        return message;
    }

    /// <summary>A vote is encrypted under a key of the poll's secret, the poll's author and the voter. Source: whatsmeow msgsecret.go.</summary>
    private Message Vote(MessageRequest request, ControlBody fields)
    {
        var poll = request.Find(fields.RequiredText("id"));
        var creation = poll.Content.PollCreationMessage ?? poll.Content.PollCreationMessageV2 ?? poll.Content.PollCreationMessageV3;
        if (creation is null || poll.Content.MessageContextInfo?.MessageSecret is not { Length: 32 } secret)
            throw new ControlException(409, "no-poll", $"Message {poll.Id} is no poll, or came without its secret.");
        var options = fields.Texts("options") ?? throw ControlException.Bad("vote.options is missing; an empty list takes the vote back.");
        foreach (var option in options)
        {
            if (creation.Options.All(o => o.OptionName != option))
                throw ControlException.Bad($"The poll has no option {option}.");
        }

        if (creation.SelectableOptionsCount is not 0 and var most && options.Count > most)
            throw ControlException.Bad($"The poll allows {most} options.");

        var voter = request.JidOf(request.Sender.Number);
        var box = new MessageSecretBox(poll.Id, Jid.Parse(request.JidOf(poll.Sender)).ToUser(), Jid.Parse(voter).ToUser(), MessageSecretBox.PollVote);
        var vote = new Message.Types.PollVoteMessage { SelectedOptions = { options.Select(o => ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(o)))) } };
        var iv = RandomNumberGenerator.GetBytes(12);
        return new Message
        {
            PollUpdateMessage = new Message.Types.PollUpdateMessage
            {
                PollCreationMessageKey = request.KeyOf(poll),
                Vote = new Message.Types.PollEncValue
                {
                    EncPayload = ByteString.CopyFrom(box.Seal(secret.Span, iv, vote.ToByteArray())),
                    EncIv = ByteString.CopyFrom(iv),
                },
                SenderTimestampMs = world.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            },
        };
    }

    private static Message ButtonsReply(ControlBody fields) => new()
    {
        ButtonsResponseMessage = new Message.Types.ButtonsResponseMessage
        {
            SelectedButtonId = fields.RequiredText("id"),
            SelectedDisplayText = fields.RequiredText("text"),
            Type = Message.Types.ButtonsResponseMessage.Types.Type.DisplayText,
        },
    };

    private static Message ListReply(ControlBody fields)
    {
        var reply = new Message.Types.ListResponseMessage
        {
            Title = fields.RequiredText("title"),
            ListType = Message.Types.ListResponseMessage.Types.ListType.SingleSelect,
            SingleSelectReply = new() { SelectedRowId = fields.RequiredText("id") },
        };
        if (fields.Text("description") is { } description)
            reply.Description = description;
        return new Message { ListResponseMessage = reply };
    }

    private static Message TemplateReply(ControlBody fields) => new()
    {
        TemplateButtonReplyMessage = new Message.Types.TemplateButtonReplyMessage
        {
            SelectedId = fields.RequiredText("id"),
            SelectedDisplayText = fields.RequiredText("text"),
            SelectedIndex = (uint)(fields.Whole("index", 0, 100) ?? 0),
        },
    };

    private static Message Event(ControlBody fields)
    {
        var happening = new Message.Types.EventMessage
        {
            Name = fields.RequiredText("name", 255),
            StartTime = (fields.Time("start") ?? throw ControlException.Bad("event.start is missing.")).ToUnixTimeSeconds(),
            IsCanceled = fields.Flag("canceled"),
        };
        if (fields.Text("description") is { } description)
            happening.Description = description;
        if (fields.Time("end") is { } end)
            happening.EndTime = end.ToUnixTimeSeconds();
        if (fields.Text("joinLink") is { } link)
            happening.JoinLink = link;
        if (fields.Object("location", "latitude", "longitude", "name", "address", "url") is { } location)
            happening.Location = PlaceContent.Location(location);
        return new Message { MessageContextInfo = Secret(), EventMessage = happening };
    }

    private Message GroupInvite(ControlBody fields)
    {
        var jid = fields.RequiredText("groupJid", 64);
        if (!Evolution.Protocol.Jids.Jid.TryParse(jid, out var group) || !group.IsGroup)
            throw ControlException.Bad("groupInvite.groupJid must be a group's JID, ending in @g.us.");
        var invite = new Message.Types.GroupInviteMessage
        {
            GroupJid = jid,
            InviteCode = fields.RequiredText("code", 64),
            InviteExpiration = (fields.Time("expires") ?? world.Time.GetUtcNow().AddDays(3)).ToUnixTimeSeconds(),
            GroupName = fields.RequiredText("name", 255),
        };
        if (fields.Text("caption") is { } caption)
            invite.Caption = caption;
        return new Message { GroupInviteMessage = invite };
    }

    private static Message Product(MessageRequest request, ControlBody fields)
    {
        var snapshot = new Message.Types.ProductMessage.Types.ProductSnapshot { ProductId = fields.RequiredText("id", 64), Title = fields.RequiredText("title", 255) };
        if (fields.Text("description") is { } description)
            snapshot.Description = description;
        if (fields.Text("currency", 3) is { } currency)
            snapshot.CurrencyCode = currency;
        if (fields.Whole("price1000", 0, long.MaxValue) is { } price)
            snapshot.PriceAmount1000 = price;
        if (fields.Text("url") is { } url)
            snapshot.Url = url;
        if (fields.Text("retailerId") is { } retailer)
            snapshot.RetailerId = retailer;
        return new Message { ProductMessage = new Message.Types.ProductMessage { Product = snapshot, BusinessOwnerJid = request.Sender.Jid.ToString() } };
    }

    private static MessageContextInfo Secret() => new() { MessageSecret = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32)) };
}
