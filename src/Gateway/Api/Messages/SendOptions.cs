using Evolution.Gateway.EvolutionWire.Validation;

namespace Evolution.Gateway.Api.Messages;

/// <summary>What the bodies of several sends have in common.</summary>
internal static class SendOptions
{
    public static (string Name, Schema Schema) Number { get; } = ("number", new Schema().Message("Invalid format").Type("string"));

    /// <summary>The options themselves, in the order in which Evolution checks them.</summary>
    public static (string Name, Schema Schema)[] All { get; } =
    [
        ("delay", new Schema().Message("Enter a value in milliseconds").Type("integer")),
        ("quoted", new Schema().Properties(
            ("key", Schema.Object
                .Properties(("id", Schema.String), ("remoteJid", Schema.String), ("fromMe", Schema.Boolean.Enum("true", "false")))
                .Required("id")
                .NotEmpty("id")),
            ("message", Schema.Object))),
        ("everyOne", Schema.Boolean.Enum("true", "false")),
        ("mentioned", Schema.Array
            .MinItems(1)
            .UniqueItems()
            .Items(Schema.String.Pattern(@"^\d+").Message("\"mentioned\" must be an array of numeric strings"))),
    ];
}
