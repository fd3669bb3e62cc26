using System.Text.Json;
using Evolution.Gateway.EvolutionWire.Validation;

namespace Evolution.Gateway.Api;

/// <summary>One operation of the REST API.</summary>
/// <param name="Method">GET routes answer HEAD too.</param>
/// <param name="Path">As in Evolution; the instance is always the last segment, <c>{instanceName}</c>.</param>
/// <param name="Access">Who may call it.</param>
/// <param name="Body">What the body must look like; null when it isn't looked at.</param>
/// <param name="Handle">The operation.</param>
internal sealed record ApiRoute(string Method, string Path, Access Access, Schema? Body, Func<ApiCall, Task<ApiReply>> Handle)
{
    /// <summary>Errors after the guards are always 400 and come without the <c>response</c> wrapper.</summary>
    public bool RawErrors { get; init; }

    /// <summary>Makes the body that is meant of one that some clients send; null takes every body as it is.</summary>
    public Func<JsonElement, JsonElement>? Reshape { get; init; }

    /// <summary>A form with a file is taken too.</summary>
    public bool TakesUpload { get; init; }
}
