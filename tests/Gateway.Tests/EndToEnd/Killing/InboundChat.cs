using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Simulator;
using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>A phone that writes to the gateway's number, one message after the other, whether or not anybody is connected.</summary>
/// <param name="to">The number; in a group, the group.</param>
internal sealed class InboundChat(SimulatorHost simulator, Phone phone, ChatKind kind, string to, Budget budget)
{
    private readonly List<string> _sent = [];

    public string Jid { get; } = kind == ChatKind.Group ? to : phone.Jid.ToString();

    /// <summary>Whether each of its messages has a file.</summary>
    public bool HasFiles => kind == ChatKind.Image;

    /// <summary>The ids, in order.</summary>
    public IReadOnlyList<string> Sent => _sent;

    /// <summary>A chat of a new phone.</summary>
    public static async Task<InboundChat> CreateAsync(SimulatorHost simulator, string number, ChatKind kind, string own, Budget budget)
    {
        var phone = await simulator.World.CreatePhoneAsync(number);
        return new InboundChat(simulator, phone, kind, kind == ChatKind.Group ? await GroupAsync(simulator, number, own) : own, budget);
    }

    /// <summary>A group of these two.</summary>
    public static async Task<string> GroupAsync(SimulatorHost simulator, string number, string own) =>
        (await simulator.World.CreateGroupAsync(number, "Two of us", [own])).ToString();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var control = new HttpClient { BaseAddress = simulator.ControlUrl };
        while (await budget.TakeAsync())
        {
            var text = $"in {_sent.Count + 1}";
            _sent.Add(kind == ChatKind.Image ? await SendImageAsync(control, text, cancellationToken) : await phone.SendTextAsync(to, text));
        }
    }

    private async Task<string> SendImageAsync(HttpClient control, string caption, CancellationToken cancellationToken)
    {
        var message = new { to, image = new { base64 = MediaSample.JpegBase64, mimetype = "image/jpeg", caption } };
        using var answer = await control.PostAsJsonAsync($"/v1/phones/{phone.Number}/messages", message, cancellationToken);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!["id"]!;
    }
}
