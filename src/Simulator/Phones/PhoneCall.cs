namespace Evolution.Simulator.Phones;

/// <summary>A call that a phone made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="To">Number of who is called.</param>
/// <param name="State"><c>ringing</c>, or what the other side did: <c>accept</c>, <c>reject</c>, <c>terminate</c>.</param>
public sealed record PhoneCall(string Id, string To, bool Video, DateTimeOffset At, string State);
