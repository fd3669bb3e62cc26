using Evolution.Protocol.Jids;
using Evolution.Simulator.Groups;
using Account = Evolution.Simulator.Accounts.Account;

namespace Evolution.Simulator.Phones;

/// <summary>A chat of a phone: a person, a group, or the statuses (neither).</summary>
internal readonly record struct PhoneChat(Account? Person, Group? Group)
{
    /// <summary>How rows and <see cref="PhoneMessage.Chat"/> name it: a person's number, else the JID.</summary>
    public string Key => Person?.Number ?? Jid(lid: false).ToString();

    /// <param name="lid">Whether a person is named by LID.</param>
    public Jid Jid(bool lid) => Person?.Jid(lid) ?? Group?.Jid ?? Evolution.Protocol.Jids.Jid.Status;

    /// <summary>The chat that a number, a JID or <c>status</c> names; null when there is none.</summary>
    public static PhoneChat? Find(SimulatedWorld world, string name)
    {
        if (name == "status")
            return new PhoneChat(null, null);
        if (!name.Contains('@', StringComparison.Ordinal))
            return world.Directory.FindNumber(name) is { } numbered ? new PhoneChat(numbered, null) : null;
        return Evolution.Protocol.Jids.Jid.TryParse(name, out var jid) ? Find(world, jid) : null;
    }

    public static PhoneChat? Find(SimulatedWorld world, Jid jid)
    {
        if (jid.IsStatus)
            return new PhoneChat(null, null);
        if (world.Groups.Find(jid) is { } group)
            return new PhoneChat(null, group);
        return world.Directory.Find(jid) is { } person ? new PhoneChat(person, null) : null;
    }
}
