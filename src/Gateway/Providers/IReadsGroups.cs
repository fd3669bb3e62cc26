using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers;

/// <summary>Reads what a group is.</summary>
internal interface IReadsGroups
{
    /// <returns>Null when the group does not exist or the account is not in it.</returns>
    Task<GroupSummary?> FindGroupAsync(Jid group, CancellationToken cancellationToken);
}
