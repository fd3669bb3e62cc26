using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>Places and people.</summary>
internal static class PlaceRows
{
    private const string Dora = "BEGIN:VCARD\nVERSION:3.0\nN:Dora\nFN:Dora\nitem1.TEL;waid=5511999990009:+55 11 99999-0009\nitem1.X-ABLabel:Celular\nEND:VCARD";
    private const string Eva = "BEGIN:VCARD\nVERSION:3.0\nN:Eva\nFN:Eva\nitem1.TEL;waid=5511999990008:+55 11 99999-0008\nitem1.X-ABLabel:Celular\nEND:VCARD";

    public static IReadOnlyList<MatrixRow> All { get; } =
    [
        new("location")
        {
            Content = _ => new Message { LocationMessage = new() { DegreesLatitude = -23.5, DegreesLongitude = -46.25, Name = "Home", Address = "Main St 1" } },
            Product = at => TextRows.To(at, new OutgoingLocation(-23.5, -46.25, "Home", "Main St 1")),
            Baileys = _ => new(new { location = new { degreesLatitude = -23.5, degreesLongitude = -46.25, name = "Home", address = "Main St 1" } }),
            NotAt = Places.InChats,
            InGate = true,
        },
        new("live location")
        {
            Content = _ => new Message
            {
                LiveLocationMessage = new() { DegreesLatitude = -23.5, DegreesLongitude = -46.25, Caption = "on my way", AccuracyInMeters = 5, SequenceNumber = 7 },
            },
            NotAt = Places.InChats,
        },
        new("contact")
        {
            Content = _ => new Message { ContactMessage = new() { DisplayName = "Dora", Vcard = Dora } },
            Product = at => TextRows.To(at, new OutgoingContacts([new ContactCard("Dora", Dora)])),
            Baileys = _ => new(new { contacts = new { displayName = "Dora", contacts = new[] { new { displayName = "Dora", vcard = Dora } } } }),
            NotAt = Places.InChats,
        },
        new("contacts")
        {
            Content = _ => new Message
            {
                ContactsArrayMessage = new()
                {
                    DisplayName = "2 contacts",
                    Contacts = { new Message.Types.ContactMessage { DisplayName = "Dora", Vcard = Dora }, new Message.Types.ContactMessage { DisplayName = "Eva", Vcard = Eva } },
                },
            },
            Product = at => TextRows.To(at, new OutgoingContacts([new ContactCard("Dora", Dora), new ContactCard("Eva", Eva)])),
            Baileys = _ => new(new
            {
                contacts = new { displayName = "2 contacts", contacts = new[] { new { displayName = "Dora", vcard = Dora }, new { displayName = "Eva", vcard = Eva } } },
            }),
            NotAt = Places.InChats,
        },
    ];
}
