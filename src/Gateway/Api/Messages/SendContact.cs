using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary><c>POST /message/sendContact/{instanceName}</c>.</summary>
internal sealed class SendContact(Sends sends)
{
    private static readonly Schema Contact = Schema.Object
        .Properties(
            ("fullName", Schema.String),
            ("wuid", Schema.String.MinLength(10).Pattern(@"\d+").Message("\"wuid\" must be a numeric string")),
            ("phoneNumber", Schema.String.MinLength(10)),
            ("organization", Schema.String),
            ("email", Schema.String),
            ("url", Schema.String))
        .Required("fullName", "phoneNumber")
        .NotEmpty("fullName");

    public static Schema Body { get; } = Schema.Object
        .Properties(SendOptions.Number, ("contact", Schema.Array.Items(Contact).MinItems(1).UniqueItems()))
        .Required("number", "contact");

    public Task<ApiReply> HandleAsync(ApiCall call)
    {
        ContactCard[] cards = [.. call.Body.ArrayOf("contact").EnumerateArray().Select(CardOf)];
        return sends.SendPlainAsync(call, call.Body.TextOf("number")!, (_, _) => ValueTask.FromResult<OutgoingContent>(new OutgoingContacts(cards)));
    }

    private static ContactCard CardOf(JsonElement contact)
    {
        var name = contact.TextOf("fullName")!;
        var phone = contact.TextOf("phoneNumber")!;
        // What a tap on the card writes to: digits alone, whatever the address looks like that was given.
        var account = RecipientNumber.Parse(contact.TextOf("wuid") ?? phone)?.User ?? "";
        List<string> lines = ["BEGIN:VCARD", "VERSION:3.0", $"N:{Line(name)}", $"FN:{Line(name)}"];
        if (contact.TextOf("organization") is { Length: > 0 } organization)
            lines.Add($"ORG:{Line(organization)};");
        if (contact.TextOf("email") is { Length: > 0 } email)
            lines.Add($"EMAIL:{Line(email)}");
        if (contact.TextOf("url") is { Length: > 0 } url)
            lines.Add($"URL:{Line(url)}");
        lines.AddRange([$"item1.TEL;waid={account}:{Line(phone)}", "item1.X-ABLabel:Celular", "END:VCARD"]);
        return new ContactCard(name, string.Join('\n', lines));
    }

    // A line break would begin a property of its own.
    private static string Line(string text) => text.ReplaceLineEndings("\\n");
}
