using System.Runtime.InteropServices;

namespace Evolution.Protocol.Signal;

/// <summary>An encrypted message as it goes into an <c>enc</c> node.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Ciphertext(CiphertextKind Kind, byte[] Bytes);
