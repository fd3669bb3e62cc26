using Evolution.Client;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>Evolution's names for how far a message got.</summary>
internal static class MessageStatusNames
{
    public static string Of(MessageStatus status) => status switch
    {
        MessageStatus.Error => "ERROR",
        MessageStatus.Pending => "PENDING",
        MessageStatus.ServerAck => "SERVER_ACK",
        MessageStatus.Delivered => "DELIVERY_ACK",
        MessageStatus.Read => "READ",
        MessageStatus.Played => "PLAYED",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "not a status clients know"),
    };

    public static string Of(MessageUpdate update) => update switch
    {
        MessageUpdate.Edited => "EDITED",
        MessageUpdate.Deleted => "DELETED",
        _ => Of((MessageStatus)update),
    };
}
