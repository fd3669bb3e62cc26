using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;
using FlowButton = Evolution.Proto.Message.Types.InteractiveMessage.Types.NativeFlowMessage.Types.NativeFlowButton;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>Lists, buttons, what is chosen from them, invitations and goods.</summary>
internal static class BusinessRows
{
    private const string Invited = "120363000000000009@g.us";

    private static readonly MessageButton[] s_replies =
        [new("quick_reply", """{"display_text":"Yes","id":"yes"}"""), new("quick_reply", """{"display_text":"No","id":"no"}""")];

    private static readonly MessageButton[] s_actions =
    [
        new("cta_url", """{"display_text":"Open","url":"https://example.com","merchant_url":"https://example.com"}"""),
        new("cta_call", """{"display_text":"Call","phone_number":"+5511999990009"}"""),
        new("cta_copy", """{"display_text":"Copy","copy_code":"X1"}"""),
    ];

    private static readonly MessageButton[] s_payment = [new("payment_info", """{"currency":"BRL","reference_id":"R1","type":"physical-goods"}""")];

    public static IReadOnlyList<MatrixRow> All { get; } =
    [
        new("list")
        {
            Content = _ => new Message { ListMessage = List() },
            Product = at => TextRows.To(at, new OutgoingList(
                "Menu", "Pick one", "Open", "Footer", [new ListSection("Drinks", [new ListRow("tea", "Tea", "green"), new ListRow("water", "Water", null)])])),
            NotAt = Places.InChats,
            InGate = true,
        },
        Buttons("reply buttons", s_replies, "*Sure?*", "Footer"),
        Buttons("link, call and copy buttons", s_actions, "*Choose*", "Footer"),
        Buttons("payment button", s_payment, null, null),
        new("list reply")
        {
            Content = _ => new Message
            {
                ListResponseMessage = new()
                {
                    Title = "Tea", Description = "green", ListType = Message.Types.ListResponseMessage.Types.ListType.SingleSelect, SingleSelectReply = new() { SelectedRowId = "tea" },
                },
            },
            Baileys = _ => new(new { listReply = new { title = "Tea", description = "green", listType = 1, singleSelectReply = new { selectedRowId = "tea" } } }),
            NotAt = Places.InChats,
        },
        new("button reply")
        {
            Content = _ => new Message
            {
                ButtonsResponseMessage = new() { SelectedButtonId = "yes", SelectedDisplayText = "Yes", Type = Message.Types.ButtonsResponseMessage.Types.Type.DisplayText },
            },
            Baileys = _ => new(new { buttonReply = new { id = "yes", displayText = "Yes" }, type = "plain" }),
            NotAt = Places.InChats,
        },
        new("template reply")
        {
            Content = _ => new Message { TemplateButtonReplyMessage = new() { SelectedId = "yes", SelectedDisplayText = "Yes", SelectedIndex = 1 } },
            Baileys = _ => new(new { buttonReply = new { id = "yes", displayText = "Yes", index = 1 }, type = "template" }),
            NotAt = Places.InChats,
        },
        new("native flow reply")
        {
            Content = _ => new Message
            {
                InteractiveResponseMessage = new()
                {
                    Body = new() { Text = "Yes" },
                    NativeFlowResponseMessage = new() { Name = "menu_options", ParamsJson = """{"id":"yes"}""", Version = 1 },
                },
            },
            NotAt = Places.InChats,
        },
        new("group invite")
        {
            Content = _ => new Message
            {
                GroupInviteMessage = new() { GroupJid = Invited, InviteCode = "AbCd1234", InviteExpiration = 1_900_000_000, GroupName = "Club", Caption = "join us" },
            },
            // Its picture is not asked for: there is no such group.
            Baileys = _ => new(
                new { groupInvite = new { jid = Invited, inviteCode = "AbCd1234", inviteExpiration = 1_900_000_000, subject = "Club", text = "join us" } },
                new { getProfilePicUrl = (string?)null }),
            NotAt = Places.InChats,
        },
        new("product")
        {
            Content = _ => new Message
            {
                ProductMessage = new()
                {
                    BusinessOwnerJid = "5511999990009@s.whatsapp.net",
                    Product = new() { ProductId = "42", Title = "Tea", Description = "green", CurrencyCode = "BRL", PriceAmount1000 = 19_900, RetailerId = "T1" },
                },
            },
            Baileys = _ => new(new
            {
                businessOwnerJid = "5511999990009@s.whatsapp.net",
                product = new
                {
                    productId = "42", title = "Tea", description = "green", currencyCode = "BRL", priceAmount1000 = 19_900, retailerId = "T1",
                    productImage = DriverJson.Bytes([1, 2, 3, 4]),
                },
            }),
            NotAt = Places.InChats,
            // Baileys uploads a picture with it.
            IsCompared = false,
        },
    ];

    private static Message.Types.ListMessage List() => new()
    {
        Title = "Menu",
        Description = "Pick one",
        ButtonText = "Open",
        FooterText = "Footer",
        ListType = Message.Types.ListMessage.Types.ListType.SingleSelect,
        Sections =
        {
            new Message.Types.ListMessage.Types.Section
            {
                Title = "Drinks",
                Rows =
                {
                    new Message.Types.ListMessage.Types.Row { RowId = "tea", Title = "Tea", Description = "green" },
                    new Message.Types.ListMessage.Types.Row { RowId = "water", Title = "Water" },
                },
            },
        },
    };

    private static MatrixRow Buttons(string name, MessageButton[] buttons, string? body, string? footer) => new(name)
    {
        Content = _ => new Message
        {
            ViewOnceMessage = new()
            {
                Message = new Message
                {
                    InteractiveMessage = new()
                    {
                        Body = body is null ? null : new() { Text = body },
                        Footer = footer is null ? null : new() { Text = footer },
                        NativeFlowMessage = new() { MessageParamsJson = """{"from":"api"}""", Buttons = { buttons.Select(button => new FlowButton { Name = button.Name, ButtonParamsJson = button.ParametersJson }) } },
                    },
                },
            },
        },
        Product = at => TextRows.To(at, new OutgoingButtons(body, footer, buttons)),
        NotAt = Places.InChats,
    };
}
