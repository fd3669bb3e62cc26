using Evolution.Protocol.Jids;
using Xunit;

namespace Evolution.Protocol.Tests.Jids;

public sealed class DeviceListHashTests
{
    // The token dictionary has the hash of no devices as a word of its own.
    [Fact]
    public void No_devices_have_the_hash_that_the_dictionary_knows() => Assert.Equal("2:47DEQpj8", DeviceListHash.Of([]));

    [Fact]
    public void Order_does_not_matter_and_the_device_does()
    {
        var phone = Jid.ForPhone("5511999990001");
        Assert.Equal(DeviceListHash.Of([phone, phone.WithDevice(3)]), DeviceListHash.Of([phone.WithDevice(3), phone]));
        Assert.NotEqual(DeviceListHash.Of([phone]), DeviceListHash.Of([phone.WithDevice(3)]));
    }
}
