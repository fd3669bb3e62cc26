namespace Evolution.Simulator.Groups;

/// <summary>What somebody may do in a group.</summary>
internal enum GroupRole
{
    Member,
    Admin,

    /// <summary>Who made the group; nobody can take that away.</summary>
    SuperAdmin,
}
