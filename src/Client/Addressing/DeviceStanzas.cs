using Evolution.Client.Stores;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Addressing;

/// <summary>Reads device nodes. A companion without key index is not (or no longer) part of the account (Baileys Utils/signal.ts, extractDeviceJids).</summary>
internal static class DeviceStanzas
{
    /// <summary>A <c>device</c> of a list; null when it is to be ignored.</summary>
    public static DeviceListEntry? ReadListed(Node device)
    {
        if (!ushort.TryParse(device["id"], out var id))
            return null;
        return Entry(id, device, device["is_hosted"] == "true");
    }

    /// <summary>A <c>device</c> of a notification, which is named by its JID.</summary>
    public static DeviceListEntry? ReadNotified(Node device) =>
        device.JidOf("jid") is { } jid ? Entry(jid.Device, device, jid.IsHosted) : null;

    private static DeviceListEntry? Entry(ushort id, Node node, bool hosted)
    {
        var keyIndex = uint.TryParse(node["key-index"], out var index) && index > 0 ? index : (uint?)null;
        return id == 0 || keyIndex is not null ? new DeviceListEntry(id, id == 0 ? null : keyIndex, hosted) : null;
    }
}
