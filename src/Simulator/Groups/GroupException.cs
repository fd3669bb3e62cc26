namespace Evolution.Simulator.Groups;

/// <summary>Somebody wanted from a group what he may not have.</summary>
#pragma warning disable CA1032 // The code is what the caller acts on.
internal sealed class GroupException(int code, string message) : Exception(message)
#pragma warning restore CA1032
{
    /// <summary>As in WhatsApp's errors: 403 no right to it, 404 no such member, 409 is a member already.</summary>
    public int Code { get; } = code;
}
