namespace Evolution.Interop.Tests.Matrix;

/// <summary>Where a message goes.</summary>
public enum Place
{
    /// <summary>To a person, by phone number.</summary>
    Number,

    /// <summary>To a person, by LID.</summary>
    Lid,

    Group,
    Status,
}
