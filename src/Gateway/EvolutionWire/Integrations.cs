namespace Evolution.Gateway.EvolutionWire;

/// <summary>Evolution's names for the ways to WhatsApp.</summary>
internal static class Integrations
{
    /// <summary>Our own multi-device client; the name is that of Evolution's library.</summary>
    public const string WhatsAppWeb = "WHATSAPP-BAILEYS";

    public const string CloudApi = "WHATSAPP-BUSINESS";

    public const string Channel = "EVOLUTION";
}
