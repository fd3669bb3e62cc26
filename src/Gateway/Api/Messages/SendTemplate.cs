using Evolution.Gateway.EvolutionWire.Validation;

namespace Evolution.Gateway.Api.Messages;

/// <summary><c>POST /message/sendTemplate/{instanceName}</c>: templates belong to the Cloud API; a linked device has none to send.</summary>
internal static class SendTemplate
{
    public static Schema Body { get; } = Schema.Object
        .Properties(SendOptions.Number, ("name", Schema.String), ("language", Schema.String), ("components", Schema.Array), ("webhookUrl", Schema.String))
        .Required("name", "language");

    public static Task<ApiReply> HandleAsync(ApiCall call) =>
        Task.FromException<ApiReply>(ApiException.Internal("Method not available in the Baileys service"));
}
