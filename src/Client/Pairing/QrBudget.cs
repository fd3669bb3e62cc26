namespace Evolution.Client.Pairing;

/// <summary>How many QR codes may still be shown, counted over the connections since the client was started.</summary>
/// <param name="limit">The most; null for as many as one connection gives.</param>
internal sealed class QrBudget(int? limit)
{
    private int issued;

    /// <summary>Whether another connection may be made for more codes.</summary>
    public bool MayContinue => limit is { } most && issued < most;

    public bool TryTake(out int number)
    {
        number = issued + 1;
        if (limit is { } most && issued >= most)
            return false;
        issued = number;
        return true;
    }
}
