using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;

namespace Evolution.Simulator.Relay;

/// <summary>A companion that starts a session shows the identity that its phone signed.</summary>
internal static class DeviceIdentityCheck
{
    public static void Check(SimulatedWorld world, Device sender, Node message)
    {
        if (sender.Number == 0)
            return;
        var given = message.Child("device-identity")?.Bytes ?? default;
        if (given.IsEmpty)
        {
            world.Violations.Report("device-identity-missing", "A companion's pre-key message needs its device identity.", sender.PhoneJid, message["id"]);
            return;
        }

        var sent = Proto.ADVSignedDeviceIdentity.Parser.ParseFrom(given.Span);
        var linked = Proto.ADVSignedDeviceIdentity.Parser.ParseFrom(sender.Adv);
        if (!sent.Equals(linked))
            world.Violations.Report("device-identity-wrong", "The device identity is not the one that was signed at linking.", sender.PhoneJid, message["id"]);
    }
}
