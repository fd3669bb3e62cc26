namespace Evolution.Client.Connection;

/// <summary>What follows the end of a connection.</summary>
internal enum ReconnectAction
{
    /// <summary>Connect again without waiting, and without telling anybody: the end was expected.</summary>
    Restart,

    /// <summary>Connect again after <see cref="ReconnectDecision.Delay"/>.</summary>
    Wait,

    /// <summary>Ask for the current version, then connect once more.</summary>
    RefreshVersion,

    /// <summary>Stay closed until started again; credentials stay.</summary>
    Stop,

    /// <summary>The identity is refused; credentials stay where they are.</summary>
    LogOut,

    /// <summary>The identity is gone and the credentials are put aside.</summary>
    LogOutAndArchive,

    /// <summary>The identity is gone and the credentials are deleted.</summary>
    LogOutAndWipe,
}
