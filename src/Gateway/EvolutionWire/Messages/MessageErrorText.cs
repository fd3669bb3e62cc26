using Evolution.Client;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>What the codes mean with which WhatsApp refuses a message, for whoever sent it.</summary>
internal static class MessageErrorText
{
    public static string Of(int code) => code switch
    {
        MessageErrorCode.Restricted =>
            "WhatsApp does not let this account write to this person first: he never wrote to it, or it may begin no chats for now. Each further try makes it worse",
        MessageErrorCode.InvalidStanza => "WhatsApp found the message malformed, most likely because a device of the recipient is gone; the next message asks for the devices anew",
        MessageErrorCode.FormerAddressing => "The group addresses its members in another way by now; the next message asks for it anew",
        _ => "WhatsApp refused the message",
    };
}
