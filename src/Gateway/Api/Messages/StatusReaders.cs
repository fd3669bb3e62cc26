using System.Text.Json;
using System.Text.Json.Nodes;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Providers;
using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Messages;

/// <summary>Finds who may read a status: the people of <c>statusJidList</c>, or with <c>allContacts</c> every stored contact who has a name.</summary>
internal sealed class StatusReaders(ContactStore contacts, Recipients recipients)
{
    /// <summary>Checks that the body names readers at all, before anything is fetched for them.</summary>
    /// <exception cref="ApiException">400: it doesn't.</exception>
    public async Task CheckAsync(ApiCall call)
    {
        if (call.Body.IsTrue("allContacts"))
        {
            if ((await ContactsAsync(call)).Count == 0)
                throw ApiException.BadRequest("Contacts not found");
        }
        else if (call.Body.ArrayOf("statusJidList").ValueKind != JsonValueKind.Array)
        {
            throw ApiException.BadRequest("StatusJidList is required");
        }
    }

    /// <summary>The readers, each once; never this account itself, whose devices get the status anyway.</summary>
    /// <exception cref="ApiException">400: nobody is left; the message says what was found out about those of the list.</exception>
    /// <exception cref="ProviderException">The server could not be asked.</exception>
    public async ValueTask<IReadOnlyList<Jid>> FindAsync(ApiCall call, IWhatsAppProvider provider)
    {
        if (call.Body.IsTrue("allContacts"))
            return Others(await ContactsAsync(call), provider) is { Count: > 0 } people ? people : throw ApiException.BadRequest("Contacts not found");
        var numbers = call.Body.ArrayOf("statusJidList").EnumerateArray().Select(item => item.GetString()!).ToList();
        var found = await recipients.LookUpAsync(call.Instance, numbers, call.Aborted);
        if (Others(found.Where(recipient => recipient.Exists).Select(recipient => recipient.Jid!.Value), provider) is { Count: > 0 } readers)
            return readers;
        throw ApiException.BadRequest([.. found.Select(recipient => (JsonNode)Recipients.Describe(recipient))]);
    }

    private static List<Jid> Others(IEnumerable<Jid> people, IWhatsAppProvider provider)
    {
        // The account as the connection knows it: the instance's stored owner can lag behind a fresh link.
        var own = provider.Account;
        return [.. people.Where(jid => jid.IsUser && jid != own?.Phone && jid != own?.Lid).Distinct()];
    }

    private async Task<IReadOnlyList<Jid>> ContactsAsync(ApiCall call) =>
    [
        .. (await contacts.FindAsync(call.Instance.Id, new ContactFilter(), call.Aborted))
            .Where(contact => !string.IsNullOrEmpty(contact.PushName))
            .Select(contact => Jid.TryParse(contact.RemoteJid, out var jid) ? jid.ToUser() : default)
            .Where(jid => jid.IsUser),
    ];
}
