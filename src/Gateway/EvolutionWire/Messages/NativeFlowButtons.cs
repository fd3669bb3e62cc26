using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>Turns the buttons of a request into those of a native flow message. The JSON in them is read by phones.</summary>
internal static class NativeFlowButtons
{
    private const string ReferenceAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const int ReferenceLength = 11;
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="button">A button that passed the request's schema.</param>
    public static MessageButton Of(JsonElement button) => button.TextOf("type") switch
    {
        "reply" => Make("quick_reply", writer => WriteTexts(writer, button, ("display_text", "displayText"), ("id", "id"))),
        "copy" => Make("cta_copy", writer => WriteTexts(writer, button, ("display_text", "displayText"), ("copy_code", "copyCode"))),
        "url" => Make("cta_url", writer => WriteTexts(writer, button, ("display_text", "displayText"), ("url", "url"), ("merchant_url", "url"))),
        "call" => Make("cta_call", writer => WriteTexts(writer, button, ("display_text", "displayText"), ("phone_number", "phoneNumber"))),
        "pix" => Make("payment_info", writer => WritePayment(writer, button)),
        var type => throw new ArgumentException($"not a type of button: {type}", nameof(button)),
    };

    private static MessageButton Make(string name, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return new MessageButton(name, Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void WriteTexts(Utf8JsonWriter writer, JsonElement button, params ReadOnlySpan<(string Name, string From)> texts)
    {
        foreach (var (name, from) in texts)
        {
            if (button.TextOf(from) is { } text)
                writer.WriteString(name, text);
        }
    }

    // A static Pix code carries no amount: the order in it is empty.
    private static void WritePayment(Utf8JsonWriter writer, JsonElement button)
    {
        writer.WriteString("currency", button.TextOf("currency"));
        WriteAmount(writer, "total_amount");
        writer.WriteString("reference_id", RandomNumberGenerator.GetString(ReferenceAlphabet, ReferenceLength));
        writer.WriteString("type", "physical-goods");
        writer.WriteStartObject("order");
        writer.WriteString("status", "pending");
        WriteAmount(writer, "subtotal");
        writer.WriteString("order_type", "ORDER");
        writer.WriteStartArray("items");
        writer.WriteStartObject();
        writer.WriteString("name", "");
        WriteAmount(writer, "amount");
        writer.WriteNumber("quantity", 0);
        WriteAmount(writer, "sale_amount");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartArray("payment_settings");
        writer.WriteStartObject();
        writer.WriteString("type", "pix_static_code");
        writer.WriteStartObject("pix_static_code");
        writer.WriteString("merchant_name", button.TextOf("name"));
        writer.WriteString("key", button.TextOf("key"));
        writer.WriteString("key_type", button.TextOf("keyType") switch
        {
            "phone" => "PHONE",
            "email" => "EMAIL",
            "cpf" => "CPF",
            "cnpj" => "CNPJ",
            _ => "EVP",
        });
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteBoolean("share_payment_status", false);
    }

    private static void WriteAmount(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("value", 0);
        writer.WriteNumber("offset", 100);
        writer.WriteEndObject();
    }
}
