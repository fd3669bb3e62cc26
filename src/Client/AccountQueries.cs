using Evolution.Client.Connection;
using Evolution.Protocol.Nodes;

namespace Evolution.Client;

/// <summary>Asks the server for the account's settings (Baileys, src/Socket/chats.ts: fetchProps, fetchPrivacySettings).</summary>
internal static class AccountQueries
{
    /// <summary>Loads the server properties.</summary>
    public static async Task LoadPropertiesAsync(ClientContext context, CancellationToken ct)
    {
        var request = new Node("props", new NodeAttributes { { "protocol", "1" } });
        var reply = await context.Channel.QueryAsync(ConnectionStanzas.Iq(context.Channel.NextId(), "get", "abt", request), null, ct).ConfigureAwait(false);
        context.Account.SetProperties(Pairs(reply.Child("props"), "prop", "config_code", "config_value"));
    }

    /// <summary>Loads the privacy settings.</summary>
    public static async Task LoadPrivacyAsync(ClientContext context, CancellationToken ct)
    {
        var request = ConnectionStanzas.Iq(context.Channel.NextId(), "get", "privacy", new Node("privacy"));
        var reply = await context.Channel.QueryAsync(request, null, ct).ConfigureAwait(false);
        context.Account.SetPrivacy(Pairs(reply.Child("privacy"), "category", "name", "value"));
    }

    private static Dictionary<string, string> Pairs(Node? parent, string tag, string name, string value)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in parent?.ChildrenOf(tag) ?? [])
        {
            if ((item[name] ?? item["name"]) is { } key && (item[value] ?? item["value"]) is { } content)
                pairs[key] = content;
        }

        return pairs;
    }
}
