using Evolution.Client.Dispatch;
using Evolution.Client.Messages.Retries;
using Evolution.Client.Messages.Sending;
using Evolution.Client.Stores;

namespace Evolution.Client.Messages.Receipts;

/// <summary>Handles receipts: how far messages got, and devices that could not read one.</summary>
internal sealed class ReceiptHandler(MessagingContext context, MessageSender sender, RetryAnswers answers) : IStanzaHandler
{
    public string Tag => "receipt";

    public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
    {
        foreach (var receipt in IncomingReceipt.Read(stanza.Node, context.Own))
        {
            if (receipt.ProvesArrival)
                await sender.ArrivedAsync(receipt.Chat, receipt.Ids, writes, ct).ConfigureAwait(false);
            if (receipt.Type == "retry")
            {
                if (receipt.OfOurs && RetryStanzas.Read(stanza.Node) is { } request)
                    await answers.AnswerAsync(stanza, request, receipt.Device, receipt.Chat, writes, ct).ConfigureAwait(false);
            }
            else if (receipt.Status is { } status)
            {
                var changed = new MessageStatusChanged(
                    receipt.Chat, receipt.Participant, receipt.Ids, receipt.OfOurs, status, ErrorCode: null, receipt.At ?? context.Clock.Now);
                await context.Handler(changed, writes, ct).ConfigureAwait(false);
            }
        }
    }
}
