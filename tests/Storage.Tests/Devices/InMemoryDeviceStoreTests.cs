using Evolution.Client.Stores;

namespace Evolution.Storage.Tests.Devices;

public sealed class InMemoryDeviceStoreTests : DeviceStoreCompliance
{
    protected override ValueTask<IDeviceStore> OpenStoreAsync() => ValueTask.FromResult<IDeviceStore>(new InMemoryDeviceStore());
}
