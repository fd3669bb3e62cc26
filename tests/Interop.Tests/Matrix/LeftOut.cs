namespace Evolution.Interop.Tests.Matrix;

/// <summary>Why a kind of message does not go to a place, whoever sends it.</summary>
/// <param name="Reason">For the page.</param>
/// <param name="IsTrue">Whether the contract or the table still says so; null when it is WhatsApp's own rule, which nothing in here could show.</param>
internal sealed record LeftOut(string Reason, Func<bool>? IsTrue);
