using System.Text.Json;
using Evolution.Proto;

namespace Evolution.Simulator.ControlApi.Content;

/// <summary>Places and people as contents.</summary>
internal static class PlaceContent
{
    public static Message Build(ControlBody body, string kind) => kind switch
    {
        "location" => new Message { LocationMessage = Location(body.RequiredObject("location", "latitude", "longitude", "name", "address", "url")) },
        "liveLocation" => new Message { LiveLocationMessage = LiveLocation(body.RequiredObject(kind, "latitude", "longitude", "caption", "accuracy", "speed", "sequence")) },
        "contact" => new Message { ContactMessage = Contact(body.RequiredObject("contact", "name", "number", "vcard")) },
        _ when body.Find(kind) is { ValueKind: JsonValueKind.Array } list => new Message { ContactsArrayMessage = Contacts(list, kind, null) },
        _ => new Message { ContactsArrayMessage = Contacts(body.RequiredObject(kind, "name", "contacts")) },
    };

    public static Message.Types.LocationMessage Location(ControlBody fields)
    {
        var location = new Message.Types.LocationMessage { DegreesLatitude = Degrees(fields, "latitude", 90), DegreesLongitude = Degrees(fields, "longitude", 180) };
        if (fields.Text("name") is { } name)
            location.Name = name;
        if (fields.Text("address") is { } address)
            location.Address = address;
        if (fields.Text("url") is { } url)
            location.Url = url;
        return location;
    }

    private static Message.Types.LiveLocationMessage LiveLocation(ControlBody fields)
    {
        var location = new Message.Types.LiveLocationMessage
        {
            DegreesLatitude = Degrees(fields, "latitude", 90),
            DegreesLongitude = Degrees(fields, "longitude", 180),
            SequenceNumber = fields.Whole("sequence", 0, long.MaxValue) ?? 1,
        };
        if (fields.Text("caption") is { } caption)
            location.Caption = caption;
        if (fields.Whole("accuracy", 0, 1_000_000) is { } accuracy)
            location.AccuracyInMeters = (uint)accuracy;
        if (fields.Number("speed", 0, 10_000) is { } speed)
            location.SpeedInMps = (float)speed;
        return location;
    }

    private static double Degrees(ControlBody fields, string name, double max) =>
        fields.Number(name, -max, max) ?? throw ControlException.Bad($"{fields.PathOf(name)} is missing.");

    private static Message.Types.ContactsArrayMessage Contacts(ControlBody fields) =>
        Contacts(fields.Find("contacts") ?? default, fields.PathOf("contacts"), fields.Text("name"));

    private static Message.Types.ContactsArrayMessage Contacts(JsonElement list, string path, string? name)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > 257)
            throw ControlException.Bad($"{path} must be a list of 1 to 257 contacts.");
        var contacts = list.EnumerateArray().Select((item, i) => Contact(new ControlBody(item, $"{path}[{i}]", "name", "number", "vcard"))).ToList();
        return new Message.Types.ContactsArrayMessage { DisplayName = name ?? $"{contacts.Count} contacts", Contacts = { contacts } };
    }

    private static Message.Types.ContactMessage Contact(ControlBody fields)
    {
        var name = fields.RequiredText("name", 256);
        if (fields.Text("vcard") is { } given)
            return new Message.Types.ContactMessage { DisplayName = name, Vcard = given };
        var number = fields.RequiredText("number", 15);
        if (!number.All(char.IsAsciiDigit))
            throw ControlException.Bad($"{fields.PathOf("number")} must be digits.");
        var escaped = name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)
            .Replace(";", "\\;", StringComparison.Ordinal).ReplaceLineEndings(" ");
        return new Message.Types.ContactMessage
        {
            DisplayName = name,
            Vcard = $"BEGIN:VCARD\nVERSION:3.0\nN:;{escaped};;;\nFN:{escaped}\nTEL;type=CELL;waid={number}:+{number}\nEND:VCARD",
        };
    }
}
