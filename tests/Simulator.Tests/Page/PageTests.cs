using System.Net.WebSockets;
using Evolution.Client;
using Evolution.Protocol.Jids;
using Evolution.Simulator.Tests.Faults;

namespace Evolution.Simulator.Tests.Page;

/// <summary>The page as a person uses it, in Chromium.</summary>
[Trait("Part", "browser")]
public sealed class PageTests : IAsyncLifetime
{
    private const string Own = "5511999990001";
    private const string Alice = "5511999990002";
    private TestSimulator _simulator = null!;
    private Browser _browser = null!;
    private BrowserPage _page = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await TestSimulator.StartAsync();
        _browser = await Browser.StartAsync(Ct);
        _page = await _browser.OpenAsync(_simulator.Host.ControlUrl, Ct);
        await _page.ResizeAsync(1280, 900, phone: false);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _simulator.DisposeAsync();
        Assert.Empty(_page.Complaints);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_phone_is_made_links_a_waiting_client_writes_and_sees_the_reply()
    {
        await _page.SeeAsync("header", "This is not WhatsApp");
        await _page.PictureAsync("1-empty");
        await MakeAsync(Own, "Me");
        await using var client = await LinkAsync();
        await MakeAsync(Alice, "Alice");

        await _page.SeeAsync("#owner", "Alice");
        await _page.TypeAsync("#send-to", Own);
        await _page.TypeAsync("#send-text", "Hello from the page");
        await _page.ClickAsync("#send-button");
        var received = await client.EventAsync<MessageReceived>(e => e.Content?.Conversation == "Hello from the page");
        await client.SendAsync(_simulator.Phone(Alice), "Hello back");

        Assert.Equal(Jid.ForPhone(Alice), received.Info.Chat);
        await _page.SeeAsync(".bubble:not(.mine)", "Hello back");
        await _page.SeeAsync(".bubble.mine", "✓✓");
        await _page.ClickAsync("#read");
        await client.EventAsync<MessageStatusChanged>(e => e is { FromMe: true, Status: MessageStatus.Read });
        await _page.PictureAsync("2-chat");
        await _page.ClickAsync("#back");
        await _page.SeeAsync("#chats", "Hello back");
        await _page.PictureAsync("3-chats");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_fault_strikes_the_chosen_client_and_is_taken_away()
    {
        await MakeAsync(Own, "Me");
        await using var client = await LinkAsync();

        await _page.WaitAsync("document.querySelectorAll('#fault-client option').length === 2");
        await _page.EvaluateAsync("""
            for (const [id, index] of [['fault-kind', 4], ['fault-client', 1]]) {
              document.getElementById(id).selectedIndex = index;
              document.getElementById(id).dispatchEvent(new Event('change'));
            }
            """);
        Assert.Contains(client.Jid, (string?)await _page.EvaluateAsync("document.getElementById('fault-json').value"), StringComparison.Ordinal);
        await _page.ClickAsync("#fault-button");

        await _page.SeeAsync("#faults", "struck 0×");
        await _simulator.World.CreatePhoneAsync(Alice, "Alice");
        await _simulator.Phone(Alice).SendTextAsync(Own, "lost");
        await _page.SeeAsync("#faults", "struck 1×");
        await _page.PictureAsync("4-fault");
        await _page.ClickAsync("#faults button", "Remove");
        await _page.WaitAsync("document.querySelectorAll('#faults li').length === 0");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_violation_and_a_refusal_are_told()
    {
        using var intruder = new ClientWebSocket();
        await intruder.ConnectAsync(_simulator.Host.WebSocketUrl, Ct);
        await intruder.SendAsync("no WhatsApp client says this"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, Ct);

        await _page.SeeAsync("#violations", "bad-bytes");
        Assert.Equal("1", (string?)await _page.EvaluateAsync("document.getElementById('violation-count').innerText"));

        await MakeAsync(Own, "Me");
        await _page.TypeAsync("#make-number", Own);
        await _page.ClickAsync("#make-button");
        await _page.SeeAsync("#notice.bad", "There is a phone with this number already.");
        await _page.PictureAsync("5-violation");
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(1280, 900, false)]
    [InlineData(1000, 800, false)]
    [InlineData(390, 844, true)]
    public async Task Nothing_is_wider_than_the_screen(int width, int height, bool phone)
    {
        await _page.ResizeAsync(width, height, phone);
        if (phone)
            await _page.PreferDarkAsync();
        await MakeAsync(Own, new string('W', 100));
        await using var client = await LinkAsync();
        await _simulator.World.CreatePhoneAsync(Alice, "Alice");
        await _simulator.Phone(Alice).SendTextAsync(Own, new string('m', 400));
        await _page.ClickAsync("#chats .line");
        await _page.SeeAsync(".bubble", "mmm");

        await _page.PictureAsync($"6-width-{width}");
        Assert.Equal(width, (int?)await _page.EvaluateAsync("document.documentElement.scrollWidth"));
        Assert.Equal(0, (int?)await _page.EvaluateAsync("[...document.querySelectorAll('button, input, select, textarea')]"
            + ".filter(e => e.checkVisibility() && (e.getBoundingClientRect().right > innerWidth || e.getBoundingClientRect().width < 20)).length"));
    }

    private async Task MakeAsync(string number, string name)
    {
        await _page.TypeAsync("#make-number", number);
        await _page.TypeAsync("#make-name", name);
        await _page.ClickAsync("#make-button");
        await _page.SeeAsync("#phones [aria-pressed=true]", number);
    }

    /// <summary>A client that waits, linked by pasting what its QR code says.</summary>
    private async Task<Companion> LinkAsync()
    {
        var client = Companion.Start(_simulator.Host);
        var code = (await client.EventAsync<QrCodeIssued>()).Text;
        await _page.SeeAsync("#waiting", "shows a code");
        await _page.TypeAsync("#scan-qr", code);
        await _page.ClickAsync("#scan-button");
        await client.OpenAsync();
        await _page.SeeAsync("#devices", "connected");
        await _page.SeeAsync("#clients", client.Jid);
        return client;
    }
}
