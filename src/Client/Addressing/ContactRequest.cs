using Evolution.Client.Connection;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Addressing;

/// <summary>Asks which numbers are on WhatsApp (Baileys Socket/socket.ts, onWhatsApp).</summary>
internal sealed class ContactRequest(IReadOnlyCollection<string> digits, string sid) : IqRequest<IReadOnlyList<ContactAnswer>>
{
    public override Node Build(string id) => UsyncStanzas.Build(
        id, sid, "interactive",
        [new Node("contact")],
        [.. digits.Select(number => new Node("user", null, [new Node("contact", null, $"+{number}")]))]);

    public override IReadOnlyList<ContactAnswer> Read(Node reply)
    {
        var answers = new List<ContactAnswer>();
        foreach (var user in UsyncStanzas.Users(reply))
        {
            if (user.Child("contact") is not { } contact || user.JidOf("jid") is not { } jid)
                continue;
            var asked = new string([.. (contact.Text ?? "").Where(char.IsAsciiDigit)]);
            answers.Add(new ContactAnswer(asked.Length > 0 ? asked : null, jid.ToUser(), contact["type"] == "in", user.JidOf("pn_jid"), user.JidOf("lid")));
        }

        return answers;
    }
}
