using Evolution.Simulator.Phones;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>Baileys: what its <c>sendMessage</c> makes, and relayed as it is what that does not.</summary>
internal sealed class BaileysParty(PeerDevice device, Phone phone) : DriverParty(device, phone)
{
    protected override (string Operation, object Arguments) Call(MatrixRow row, CellContext at) => Of(row, at);

    /// <summary>Its functions with a word in their names, whatever the case, in their order.</summary>
    public async Task<IReadOnlyList<string>> CallsNamedAsync(string word, CancellationToken ct) =>
        [.. (await Device.CallAsync("callsNamed", new { word }, ct))!.AsArray().Select(name => (string)name!).Order(StringComparer.Ordinal)];

    /// <summary>The operation of the driver that sends it.</summary>
    public static (string Operation, object Arguments) Of(MatrixRow row, CellContext at)
    {
        if (row.Baileys?.Invoke(at) is not { } made)
            return ("relay", AsItIs(row, at));
        return ("make", new
        {
            to = at.Chat.ToString(),
            content = made.Content,
            options = made.Options ?? new { },
            readers = at.StatusReaders.Select(reader => reader.ToString()).ToArray(),
            quoted = made.QuotesEarlier ? at.Earlier.Id : null,
        });
    }
}
