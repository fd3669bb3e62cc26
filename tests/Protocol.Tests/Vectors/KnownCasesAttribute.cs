using System.Reflection;
using System.Text.Json;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>Runs a theory with every case of one section of a known-answer file, except those that are named or filtered out.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class KnownCasesAttribute(string file, string section) : DataAttribute
{
    public string File { get; } = file;

    public string Section { get; } = section;

    /// <summary>Names of cases that say nothing about us; the test says why.</summary>
    public string[] Except { get; init; } = [];

    /// <summary>A field that decides whether a case is for us; cases without it are.</summary>
    public string? Where { get; init; }

    /// <summary>The values of <see cref="Where"/> with which it is.</summary>
    public string[] In { get; init; } = [];

    public override bool SupportsDiscoveryEnumeration() => false;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        if (KnownVectors.Find(File) is not { } root)
            return new([LeftOut($"VECTORS_DIR has no {File}.")]);
        if (!root.TryGetProperty(Section, out var cases))
            return new([LeftOut($"{File} of VECTORS_DIR has no section {Section}.")]);
        var rows = cases.EnumerateArray().Select((json, i) => new KnownCase(File, Section, i + 1, json)).Where(IsForUs);
        return new([.. rows.Select(row => new TheoryDataRow<KnownCase>(row))]);
    }

    private bool IsForUs(KnownCase row) =>
        !Except.Contains(row.Name) && (Where is null || !row.Json.TryGetProperty(Where, out var value) || In.Contains(ValueOf(value)));

    private static string ValueOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    // One row that is counted as skipped, and says why.
    private TheoryDataRow<KnownCase> LeftOut(string reason) => new(new KnownCase(File, Section, 0, default)) { Skip = reason };
}
