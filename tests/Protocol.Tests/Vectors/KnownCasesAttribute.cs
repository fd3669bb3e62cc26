using System.Reflection;
using System.Text.Json;
using Xunit.Sdk;
using Xunit.v3;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>Runs a theory with every case of one section of a known-answer file, except those that are not for us.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class KnownCasesAttribute(string file, string section) : DataAttribute
{
    public string File { get; } = file;

    public string Section { get; } = section;

    /// <summary>A static method of the test class that says of a <see cref="KnownCase"/> whether it is for us; the test says why some are not.</summary>
    public string? Only { get; init; }

    public override bool SupportsDiscoveryEnumeration() => false;

    public override ValueTask<IReadOnlyCollection<Xunit.ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        if (KnownVectors.Find(File) is not { } root)
            return new([LeftOut($"VECTORS_DIR has no {File}.")]);
        if (!root.TryGetProperty(Section, out var cases))
            return new([LeftOut($"{File} of VECTORS_DIR has no section {Section}.")]);
        var rows = cases.EnumerateArray().Select((json, i) => new KnownCase(File, Section, i + 1, json)).Where(Filter(testMethod));
        return new([.. rows.Select(row => new Xunit.TheoryDataRow<KnownCase>(row))]);
    }

    private Func<KnownCase, bool> Filter(MethodInfo test) => Only is null
        ? _ => true
        : test.DeclaringType!.GetMethod(Only, BindingFlags.Static | BindingFlags.NonPublic)!.CreateDelegate<Func<KnownCase, bool>>();

    // One row that is counted as skipped; its name says why, because result files keep no reason.
    private Xunit.TheoryDataRow<KnownCase> LeftOut(string reason) => new(new KnownCase(File, Section, 0, JsonSerializer.SerializeToElement(new { name = reason }))) { Skip = reason };
}
