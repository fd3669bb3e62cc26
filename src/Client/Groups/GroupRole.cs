namespace Evolution.Client.Groups;

/// <summary>What somebody may do in a group.</summary>
public enum GroupRole
{
    /// <summary>Reads and, unless only admins may, writes.</summary>
    Member,

    /// <summary>Changes the group and its members.</summary>
    Admin,

    /// <summary>An admin whom no other can remove: who made the group.</summary>
    SuperAdmin,
}
