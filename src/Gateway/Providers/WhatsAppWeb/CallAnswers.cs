using Evolution.Client;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>
/// Does about a call what the instance's settings say: <c>rejectCall</c> refuses it, and the caller gets the text of <c>msgCall</c>. That text alone
/// does nothing: clients set it on every instance. Calls from before the login are over and left alone.
/// </summary>
internal sealed class CallAnswers(Instance instance, WhatsAppWebProvider provider, Errands errands)
{
    /// <summary>To be told of a call once that is stored.</summary>
    public void Answer(CallChanged call)
    {
        var settings = instance.Settings;
        if (call is not { State: "offer", Offline: false } || !settings.RejectCall)
            return;
        errands.Add("refuse a call", cancellationToken => provider.RejectCallAsync(call.Id, call.Creator, cancellationToken));
        if (string.IsNullOrWhiteSpace(settings.MsgCall))
            return;
        var text = new OutgoingMessage { To = call.CallerPhone ?? call.From, Content = new OutgoingText(settings.MsgCall, null) };
        errands.Add("write to a caller", cancellationToken => provider.SendAsync(text, cancellationToken));
    }
}
