using Evolution.Simulator.ControlApi;
using Evolution.Simulator.Phones;

namespace Evolution.Simulator.Load;

/// <summary>What a load shall do.</summary>
/// <param name="Senders">Numbers of the phones that send, in turns; phones are made for those that nobody has.</param>
/// <param name="To">Who gets the messages, in turns.</param>
/// <param name="RatePerSecond">Messages a second over all senders.</param>
/// <param name="Content">A message's content; null sends numbered texts that say when they were sent.</param>
internal sealed record LoadPlan(IReadOnlyList<string> Senders, IReadOnlyList<Phone> To, double RatePerSecond, int Count, ControlBody? Content);
