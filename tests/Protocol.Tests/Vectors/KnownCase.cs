using System.Text.Json;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>One case of a known-answer file. Its text names file, section and case, so that every failure does.</summary>
public sealed record KnownCase(string File, string Section, int Number, JsonElement Json)
{
    public string Name => Json.TryGetProperty("name", out var name) ? name.GetString()! : "";

    /// <summary>What the case's <c>expect</c> says: true to accept, false to refuse, null when either is fine.</summary>
    public bool? Accepted => Text("expect") switch
    {
        "ok" or "accept" => true,
        "either" => null,
        var text when text.StartsWith("refuse", StringComparison.Ordinal) => false,
        var text => throw new InvalidDataException($"{this} expects '{text}'."),
    };

    public bool Has(string name) => Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public string Text(string name) => Json.Text(name);

    public byte[] Hex(string name) => Json.Hex(name);

    /// <summary>Runs what must be refused with <typeparamref name="T"/> when the case says so, and must not when it does not.</summary>
    public void AssertVerdict<T>(Action action)
        where T : Exception
    {
        var error = Xunit.Record.Exception(action);
        if (error is not (null or T))
            Xunit.Assert.Fail($"{this}: {error}");
        if (Accepted is { } accepted)
            Xunit.Assert.True(accepted == error is null, $"{this}: {(error is null ? "accepted" : $"refused with {error.Message}")}");
    }

    public override string ToString() => $"{File} {Section} #{Number}: {Name}";
}
