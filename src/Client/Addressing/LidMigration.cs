using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Google.Protobuf;

namespace Evolution.Client.Addressing;

/// <summary>The phone's list of who has which LID (Baileys Utils/process-message.ts: the latest LID, else the assigned one).</summary>
internal static class LidMigration
{
    /// <summary>The pairs in the message; empty when it can't be read.</summary>
    public static IReadOnlyList<AddressMapping> Read(LIDMigrationMappingSyncMessage message)
    {
        try
        {
            var payload = LIDMigrationMappingSyncPayload.Parser.ParseFrom(message.EncodedMappingPayload);
            return
            [
                .. from pair in payload.PnToLidMappings
                   let lid = pair.HasLatestLid ? pair.LatestLid : pair.AssignedLid
                   where pair.Pn != 0 && lid != 0
                   select new AddressMapping(Jid.ForPhone(pair.Pn.ToString()), Jid.ForLid(lid.ToString())),
            ];
        }
        catch (InvalidProtocolBufferException)
        {
            // The same pairs come with the messages of the people themselves.
            return [];
        }
    }
}
