using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>A phone that writes to the gateway's number, one message after the other, whether or not anybody is connected.</summary>
internal sealed class InboundChat(Phone phone, string to, Budget budget)
{
    private readonly List<string> _sent = [];

    public string Jid => phone.Jid.ToString();

    /// <summary>The ids, in order.</summary>
    public IReadOnlyList<string> Sent => _sent;

    public async Task RunAsync()
    {
        while (await budget.TakeAsync())
            _sent.Add(await phone.SendTextAsync(to, $"in {_sent.Count + 1}"));
    }
}
