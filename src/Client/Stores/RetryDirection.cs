namespace Evolution.Client.Stores;

/// <summary>Whose message could not be read.</summary>
public enum RetryDirection
{
    /// <summary>We asked the sender to encrypt again.</summary>
    Asked,

    /// <summary>A device asked us to encrypt again.</summary>
    Answered,
}
