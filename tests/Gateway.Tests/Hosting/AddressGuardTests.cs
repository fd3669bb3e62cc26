using System.Net;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Media;

namespace Evolution.Gateway.Tests.Hosting;

public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("64:ff9b::808:808")]
    public void Addresses_on_the_open_internet_are_always_allowed(string address) => Assert.Equal((true, true), Rules(address));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("::1")]
    [InlineData("fd00::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    public void Addresses_of_the_own_network_are_allowed_only_where_private_ones_are(string address) => Assert.Equal((false, true), Rules(address));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("100.100.100.200")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::1")]
    public void Addresses_that_only_machines_ask_are_never_allowed(string address) => Assert.Equal((false, false), Rules(address));

    [Fact]
    public async Task The_rule_holds_where_the_connection_is_made()
    {
        using var closed = new GuardedWeb(new MediaOptions(1000, FetchesFromPrivateAddresses: false));
        using var open = new GuardedWeb(new MediaOptions(1000, FetchesFromPrivateAddresses: true));

        await RefusedAsync(closed.Pages, "http://localhost:1/");
        await RefusedAsync(open.Pages, "http://localhost:1/");
        await RefusedAsync(closed.Files, "http://localhost:1/");
        await RefusedAsync(open.Files, "http://169.254.169.254/latest/meta-data/");
        await RefusedAsync(open.Files, "http://[::]:1/");
        var reached = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(open.Files, "http://localhost:1/"));
        Assert.IsNotType<ForbiddenAddressException>(reached.InnerException);
    }

    private static async Task RefusedAsync(HttpClient client, string address) =>
        Assert.IsType<ForbiddenAddressException>((await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, address))).InnerException);

    private static Task<string> GetAsync(HttpClient client, string address) => client.GetStringAsync(new Uri(address), TestContext.Current.CancellationToken);

    private static (bool Public, bool PrivateToo) Rules(string address) =>
        (AddressGuard.Allows(IPAddress.Parse(address), privateToo: false), AddressGuard.Allows(IPAddress.Parse(address), privateToo: true));
}
