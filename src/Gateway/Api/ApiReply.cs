using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Media;

namespace Evolution.Gateway.Api;

/// <summary>What an operation answers.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The whole body.</param>
internal readonly record struct ApiReply(int Status, JsonBody Body)
{
    /// <param name="status">HTTP status.</param>
    /// <param name="json">The whole body, UTF-8.</param>
    public ApiReply(int status, ReadOnlyMemory<byte> json)
        : this(status, JsonBody.Of(json))
    {
    }

    public static ApiReply Ok(Action<Utf8JsonWriter> write) => new(StatusCodes.Status200OK, WireJson.Bytes(write));

    public static ApiReply Created(Action<Utf8JsonWriter> write) => new(StatusCodes.Status201Created, WireJson.Bytes(write));
}
