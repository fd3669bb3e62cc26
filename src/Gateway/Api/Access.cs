namespace Evolution.Gateway.Api;

/// <summary>Who may call a route.</summary>
internal enum Access
{
    /// <summary>Everyone.</summary>
    Open,

    /// <summary>The global key, and the instance named in the body must be new.</summary>
    NewInstance,

    /// <summary>The global key or the token of any instance.</summary>
    AnyKey,

    /// <summary>The global key or the token of the instance in the path, which must exist.</summary>
    Instance,
}
