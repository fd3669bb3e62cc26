using System.Text.Json;
using Evolution.Storage.Settings;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>An instance's settings in JSON.</summary>
internal static class SettingsJson
{
    /// <summary>The eight fields.</summary>
    public static void Write(Utf8JsonWriter writer, SettingsRow settings)
    {
        writer.WriteStartObject();
        WriteFields(writer, settings);
        writer.WriteEndObject();
    }

    /// <summary>The whole row, as fetchInstances has it.</summary>
    public static void WriteRow(Utf8JsonWriter writer, SettingsRow settings)
    {
        writer.WriteStartObject();
        writer.WriteString("id", settings.Id);
        WriteFields(writer, settings);
        writer.WriteString("createdAt", WireJson.Time(settings.CreatedAt));
        writer.WriteString("updatedAt", WireJson.Time(settings.UpdatedAt));
        writer.WriteString("instanceId", settings.InstanceId);
        writer.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter writer, SettingsRow settings)
    {
        writer.WriteBoolean("rejectCall", settings.RejectCall);
        writer.WriteString("msgCall", settings.MsgCall);
        writer.WriteBoolean("groupsIgnore", settings.GroupsIgnore);
        writer.WriteBoolean("alwaysOnline", settings.AlwaysOnline);
        writer.WriteBoolean("readMessages", settings.ReadMessages);
        writer.WriteBoolean("readStatus", settings.ReadStatus);
        writer.WriteBoolean("syncFullHistory", settings.SyncFullHistory);
        writer.WriteString("wavoipToken", settings.WavoipToken);
    }
}
