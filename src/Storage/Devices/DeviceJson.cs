using System.Text.Json.Serialization;
using Evolution.Client.Stores;

namespace Evolution.Storage.Devices;

/// <summary>The small lists that are kept as JSON in one column.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(IReadOnlyList<DeviceListEntry>))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class DeviceJson : JsonSerializerContext;
