using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Api.Instances;

/// <summary>The QR object: what can be scanned or typed now.</summary>
internal static class QrCodeReply
{
    public static void Write(Utf8JsonWriter writer, QrCode code, string color)
    {
        writer.WriteStartObject();
        if (code.Text is not null)
        {
            writer.WriteStringOrNull("pairingCode", code.PairingCode);
            writer.WriteString("code", code.Text);
            writer.WriteString("base64", QrCodeImage.DataUrl(code.Text, color));
        }

        writer.WriteNumber("count", code.Count);
        writer.WriteEndObject();
    }
}
