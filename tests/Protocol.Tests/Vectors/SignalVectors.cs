using System.Text.Json;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>Vectors that tools/vectors/signal.mjs recorded from other implementations.</summary>
internal static class SignalVectors
{
    public static JsonElement Root { get; } = VectorFile.Read("signal.json");
}
