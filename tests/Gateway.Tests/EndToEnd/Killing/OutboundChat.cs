using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Simulator;
using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>
/// A client of the API that writes to one phone, one message after the other, each with a number of its own in its text. What was not accepted
/// is asked for again. A request whose answer never came is not repeated: the API has no key by which a client could tell that it is the same.
/// </summary>
/// <param name="to">Whom the API is asked to write to: the phone's number, or the group's JID.</param>
internal sealed class OutboundChat(RestartableGateway gateway, DeliveryLog log, Phone phone, ChatKind kind, string to, Budget budget, Progress accepted)
{
    private readonly Dictionary<int, string> _accepted = [];
    private readonly HashSet<int> _unanswered = [];
    private int _number;

    public string Jid { get; } = kind == ChatKind.Group ? to : phone.Jid.ToString();

    public Phone Phone => phone;

    /// <summary>The status that a row has in the end. In a group what members' phones say is told of each member and leaves the row at the server's ack.</summary>
    public int LastStatus => kind == ChatKind.Group ? 2 : 3;

    /// <summary>Number → message id of what was answered with 201.</summary>
    public IReadOnlyDictionary<int, string> Accepted => _accepted;

    /// <summary>The numbers of requests that got no answer: sent or not.</summary>
    public IReadOnlySet<int> Unanswered => _unanswered;

    /// <summary>A chat with a new phone.</summary>
    public static async Task<OutboundChat> CreateAsync(
        SimulatorHost simulator, RestartableGateway gateway, DeliveryLog log, string number, ChatKind kind, string own, Budget budget, Progress accepted)
    {
        var phone = await simulator.World.CreatePhoneAsync(number);
        return new OutboundChat(gateway, log, phone, kind, kind == ChatKind.Group ? await InboundChat.GroupAsync(simulator, number, own) : number, budget, accepted);
    }

    public static int NumberIn(PhoneMessage message) =>
        int.Parse((message.Text ?? message.Content.ImageMessage.Caption).AsSpan("out ".Length), CultureInfo.InvariantCulture);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await budget.TakeAsync())
            await SendAsync(++_number, cancellationToken);
    }

    /// <summary>Sends the last one. When it has arrived, so has all that was committed before it, also what nobody was told of.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => SendAsync(++_number, cancellationToken);

    private async Task SendAsync(int number, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before the attempt, so that the change which makes the next one possible can't be missed.
            var (ready, news) = (gateway.Ready, log.Next);
            try
            {
                using var answer = await PostAsync($"out {number}", cancellationToken);
                var body = await answer.Content.ReadAsStringAsync(cancellationToken);
                if (answer.StatusCode == HttpStatusCode.Created)
                {
                    _accepted.Add(number, (string)JsonNode.Parse(body)!["key"]!["id"]!);
                    accepted.Add();
                    return;
                }

                Assert.True(answer.StatusCode == HttpStatusCode.BadRequest && body.Contains("Connection Closed"), body);
                await news.WaitAsync(cancellationToken);
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
            {
                await ready.WaitAsync(cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                _unanswered.Add(number);
                return;
            }
        }
    }

    private Task<HttpResponseMessage> PostAsync(string text, CancellationToken cancellationToken) => kind == ChatKind.Image
        ? gateway.Http.PostAsJsonAsync(
            "/message/sendMedia/sales", new { number = to, mediatype = "image", mimetype = "image/jpeg", media = MediaSample.JpegBase64, caption = text }, cancellationToken)
        : gateway.Http.PostAsJsonAsync("/message/sendText/sales", new { number = to, text }, cancellationToken);
}
