using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;

namespace Evolution.Gateway.Api.Instances;

/// <summary>What <c>instance/create</c> checks, in Evolution's order. Many of these fields do nothing any more, yet a wrong one is still refused.</summary>
internal static class CreateInstanceBody
{
    public static Schema Schema { get; } = EvolutionWire.Validation.Schema.Object
        .Properties(
        [
            ("instanceName", Text),
            ("token", Text),
            ("number", Text.Pattern(@"^\d+[\.@\w-]+")),
            ("businessId", Text),
            ("qrcode", Flag),
            ("Integration", Text.Enum(Integrations.CloudApi, Integrations.WhatsAppWeb, Integrations.Channel)),
            ("rejectCall", Flag),
            ("msgCall", Text),
            ("groupsIgnore", Flag),
            ("alwaysOnline", Flag),
            ("readMessages", Flag),
            ("readStatus", Flag),
            ("syncFullHistory", Flag),
            ("wavoipToken", Text),
            ("proxyHost", Text),
            ("proxyPort", Text),
            ("proxyProtocol", Text),
            ("proxyUsername", Text),
            ("proxyPassword", Text),
            ("webhookUrl", Text),
            ("webhookByEvents", Flag),
            ("webhookBase64", Flag),
            ("webhookEvents", EventList),
            ("rabbitmqEnabled", Flag),
            ("rabbitmqEvents", EventList),
            ("natsEnabled", Flag),
            ("natsEvents", EventList),
            ("sqsEnabled", Flag),
            ("sqsEvents", EventList),
            ("chatwootAccountId", Text),
            ("chatwootToken", Text),
            ("chatwootUrl", Text),
            ("chatwootSignMsg", Flag),
            ("chatwootReopenConversation", Flag),
            ("chatwootConversationPending", Flag),
            ("chatwootImportContacts", Flag),
            ("chatwootNameInbox", Text),
            ("chatwootMergeBrazilContacts", Flag),
            ("chatwootImportMessages", Flag),
            ("chatwootDaysLimitImportMessages", new Schema().Type("number")),
        ])
        .NotEmpty("instanceName");

    private static Schema Text => EvolutionWire.Validation.Schema.String;

    private static Schema Flag => EvolutionWire.Validation.Schema.Boolean;

    private static Schema EventList => EvolutionWire.Validation.Schema.Array
        .MinItems(0)
        .Items(EvolutionWire.Validation.Schema.String.Enum([.. EventNames.SubscribableAtCreate]));
}
