using System.Globalization;
using System.Text.Json.Nodes;
using Evolution.Simulator.Phones;
using Microsoft.Data.Sqlite;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>One instance of a <see cref="FaultyWorld"/>, as its client, its webhook and its operator see it.</summary>
internal sealed class LinkedInstance(FaultyWorld world, string name, string id, Phone phone)
{
    private static readonly string[] s_ofConnection = ["connection.update", "status.instance", "logout.instance"];

    public string Name => name;

    public Phone Phone => phone;

    /// <summary>Scans a QR code and waits until the instance is open.</summary>
    public async Task ScanAsync(string code, CancellationToken cancellationToken)
    {
        var before = world.Receiver.Events.Count;
        await phone.ScanAsync(code, ct: cancellationToken);
        await WaitForEventAsync("connection.update open 200", before, cancellationToken);
    }

    /// <summary>Asks for the fault on this instance's connection.</summary>
    public Task BreakAsync(JsonObject action, JsonObject? when, CancellationToken cancellationToken)
    {
        var fault = new JsonObject { ["client"] = phone.Number, ["do"] = action.DeepClone() };
        if (when is not null)
            fault["when"] = when;
        return world.BreakAsync(fault, cancellationToken);
    }

    public async Task<string> StateAsync(CancellationToken cancellationToken) =>
        (string)(await world.Gateway.GetAsync($"/instance/connectionState/{name}", cancellationToken))["instance"]!["state"]!;

    /// <summary>The instance in fetchInstances.</summary>
    public async Task<JsonNode> FetchAsync(CancellationToken cancellationToken) =>
        (await world.Gateway.GetAsync($"/instance/fetchInstances?instanceName={name}", cancellationToken))[0]!;

    /// <summary>Waits for the log's line about the next try; it comes once the state can be seen.</summary>
    public Task WaitUntilWaitingAsync(int logged, CancellationToken cancellationToken) =>
        world.Log.WaitAsync(entry => entry.Event.Id == 3001 && entry.Text.StartsWith(name + " ", StringComparison.Ordinal), logged, cancellationToken);

    /// <summary>Moves the clock on to the next try.</summary>
    public async Task MoveOnToNextTryAsync(CancellationToken cancellationToken) => world.Clock.SetUtcNow(NextTryOf(await FetchAsync(cancellationToken)));

    /// <summary>When fetchInstances promises the next try. It tells milliseconds and the wait has finer ones.</summary>
    public static DateTimeOffset NextTryOf(JsonNode fetched) =>
        DateTimeOffset.Parse((string)fetched["connection"]!["nextTryAt"]!, CultureInfo.InvariantCulture).AddMilliseconds(1);

    /// <summary>What the webhook heard of the connection behind the first <paramref name="after"/> events: name, state and reason.</summary>
    public IReadOnlyList<string> EventsOfConnection(int after) =>
        [.. world.Receiver.Events.Skip(after).Where(IsOfConnection).Select(Describe)];

    public Task WaitForEventAsync(string described, int after, CancellationToken cancellationToken) =>
        world.Receiver.WaitForAsync(e => IsOfConnection(e) && Describe(e) == described, after, cancellationToken);

    /// <summary>Identity keys in the store: the one in use, and those that were put aside.</summary>
    public (string Current, IReadOnlyList<string> Archived) StoredIdentities()
    {
        using var connection = new SqliteConnection($"Data Source={world.Gateway.DatabaseFile};Pooling=False;Mode=ReadOnly");
        connection.Open();
        return (Identities(connection, "devices").Single(), Identities(connection, "archived_credentials"));
    }

    /// <summary>A phone writes, and the webhook hears it; the instance writes, and the phone reads it.</summary>
    public async Task ConverseAsync(CancellationToken cancellationToken)
    {
        var before = world.Receiver.Events.Count;
        var bob = await world.CreatePhoneAsync();
        var sent = await bob.SendTextAsync(phone.Number, "Are you there?");
        await world.Receiver.WaitForAsync(e => (string?)e["event"] == "messages.upsert" && (string?)e["data"]!["key"]!["id"] == sent, before, cancellationToken);
        await world.Gateway.PostAsync($"/message/sendText/{name}", new { number = bob.Number, text = "Still here" }, cancellationToken);
        await bob.WaitForMessageAsync(message => message.Text == "Still here", ct: cancellationToken);
    }

    private bool IsOfConnection(JsonObject e) => (string?)e["instance"] == name && s_ofConnection.Contains((string)e["event"]!);

    private static string Describe(JsonObject e) => (string)e["event"]! switch
    {
        "connection.update" => $"connection.update {e["data"]!["state"]} {e["data"]!["statusReason"]}",
        "status.instance" => $"status.instance {e["data"]!["status"]} {e["data"]!["disconnectionReasonCode"]}",
        var other => other,
    };

    private List<string> Identities(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT credentials FROM {table} WHERE instance_id = $id AND credentials IS NOT NULL";
        command.Parameters.AddWithValue("$id", id);
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read())
            found.Add((string)JsonNode.Parse((byte[])reader[0])!["identityKey"]!);
        return found;
    }
}
