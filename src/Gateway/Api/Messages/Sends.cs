using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Media;
using Evolution.Gateway.Providers;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Api.Messages;

/// <summary>What every send does around its content: find the recipient, the quote and the mentions, show typing, send, and word a failure.</summary>
internal sealed class Sends(IInstanceHosts hosts, Recipients recipients, QuotedMessages quotes, TypingDelay typing, PublishedFiles published, MediaOptions files)
{
    /// <summary>Sends to the body's <c>number</c> and honours the options of its body.</summary>
    public Task<ApiReply> SendAsync(ApiCall call, OutgoingContent content) => SendAsync(call, (_, _) => ValueTask.FromResult(content));

    /// <inheritdoc cref="SendAsync(ApiCall, OutgoingContent)"/>
    /// <param name="content">Makes the content once it is known who gets it.</param>
    public Task<ApiReply> SendAsync(ApiCall call, Func<Jid, CancellationToken, ValueTask<OutgoingContent>> content) =>
        AnswerAsync(call.Instance, async provider =>
        {
            var to = await recipients.ResolveAsync(call.Instance, call.Body.TextOf("number")!, call.Aborted);
            var message = new OutgoingMessage
            {
                To = to,
                Quoted = await quotes.FindAsync(call.Instance, to, call.Body.ObjectOf("quoted"), call.Aborted),
                Mentioned = await MentionedAsync(provider, to, call.Body, call.Aborted),
                Content = await content(to, call.Aborted),
            };
            await typing.ShowAsync(provider, message, call.Body.IntegerOf("delay") ?? 0, call.Aborted);
            return message;
        }, call.Aborted);

    /// <summary>Sends to <paramref name="number"/>; the body's options have no meaning for this content.</summary>
    public Task<ApiReply> SendPlainAsync(ApiCall call, string number, Func<Jid, CancellationToken, ValueTask<OutgoingContent>> content) =>
        AnswerAsync(call.Instance, async _ =>
        {
            var to = await recipients.ResolveAsync(call.Instance, number, call.Aborted);
            return new OutgoingMessage { To = to, Content = await content(to, call.Aborted) };
        }, call.Aborted);

    /// <summary>Posts a status.</summary>
    /// <param name="readers">Finds who may read it; at least one.</param>
    public Task<ApiReply> SendStatusAsync(
        ApiCall call, Func<IWhatsAppProvider, CancellationToken, ValueTask<IReadOnlyList<Jid>>> readers, Func<CancellationToken, ValueTask<OutgoingContent>> content) =>
        AnswerAsync(call.Instance, async provider => new OutgoingMessage
        {
            To = Jid.Status,
            StatusReaders = await readers(provider, call.Aborted),
            Content = await content(call.Aborted),
        }, call.Aborted);

    private async Task<ApiReply> AnswerAsync(Instance instance, Func<IWhatsAppProvider, Task<OutgoingMessage>> prepare, CancellationToken cancellationToken)
    {
        try
        {
            var provider = hosts.HostOf(instance).Provider;
            var sender = provider.Require<ISendsMessages>();
            var message = await prepare(provider);
            // Before the event of it can be delivered, which may show the file.
            if (message.Content.Attachment() is { } attachment)
                MediaStore.Claim(instance.Id, attachment.File);
            var sent = await sender.SendAsync(message, cancellationToken);
            return new ApiReply(StatusCodes.Status201Created, await BodyOfAsync(instance, message.Content, sent.Record, cancellationToken));
        }
        catch (ProviderException e)
        {
            throw ApiException.BadRequest($"Error: {e.Message}");
        }
        catch (MediaException e)
        {
            throw e.IsFinal ? ApiException.BadRequest(e.Message) : ApiException.Failed($"Error: {e.Message}");
        }
    }

    private async Task<JsonBody> BodyOfAsync(Instance instance, OutgoingContent content, ReadOnlyMemory<byte> record, CancellationToken cancellationToken)
    {
        if (content is not OutgoingMedia media || (!instance.ShowsFiles && files.S3 is null) || RecordedMessage.Find(record) is not { } message)
            return JsonBody.Of(record);
        var (body, end) = await published.AddressOfAsync(instance, message.Owner.MessageId, message.Owner.Chat.ToString(), cancellationToken) is { } address
            ? JsonBody.WithText(record, message.End, RecordedMessage.MediaUrl, address.AbsoluteUri)
            : (record, message.End);
        return instance.ShowsFiles && media.File.Length <= MediaOptions.MaxBase64Bytes ? JsonBody.WithBase64(body, end, media.File) : JsonBody.Of(body);
    }

    private static async Task<IReadOnlyList<Jid>> MentionedAsync(IWhatsAppProvider provider, Jid to, JsonElement body, CancellationToken cancellationToken)
    {
        if (!to.IsGroup)
            return [];
        if (body.IsTrue("mentionsEveryOne"))
        {
            var group = await provider.Require<IReadsGroups>().FindGroupAsync(to, cancellationToken)
                ?? throw ApiException.BadRequest("Group not found");
            return group.Participants;
        }

        return body.ArrayOf("mentioned") is { ValueKind: JsonValueKind.Array } mentioned
            ? [.. mentioned.EnumerateArray().Select(item => RecipientNumber.Parse(item.GetString()!)).OfType<Jid>().Where(jid => jid.IsUser)]
            : [];
    }
}
