using Evolution.Client.Stores;
using Evolution.Storage.Database;
using Evolution.Storage.Instances;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Makes the store of a device for its present owner.</summary>
internal delegate IDeviceStore DeviceStoreFactory(SqliteDatabase database, InstanceFence fence);
