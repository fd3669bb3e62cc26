using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Evolution.Protocol.Crypto;

/// <summary>
/// The birational map from the Montgomery u to the Edwards y coordinate, y = (u − 1) / (u + 1) mod 2^255 − 19 (RFC 7748 §4.1).
/// Works on public keys only. Elements are five limbs of 51 bits.
/// </summary>
internal static class Curve25519Field
{
    private const ulong Mask = (1UL << 51) - 1;

    /// <summary>Writes the Edwards y, sign bit clear, of a Montgomery public key whose top bit is ignored.</summary>
    public static void MontgomeryToEdwards(Span<byte> y, ReadOnlySpan<byte> u)
    {
        var x = Load(u);
        var one = new Element { L0 = 1 };
        var quotient = Multiply(Subtract(x, one), Invert(Add(x, one)));
        Store(y, quotient);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Element
    {
        public ulong L0, L1, L2, L3, L4;
    }

    private static Element Load(ReadOnlySpan<byte> s) => new()
    {
        L0 = BinaryPrimitives.ReadUInt64LittleEndian(s) & Mask,
        L1 = (BinaryPrimitives.ReadUInt64LittleEndian(s[6..]) >> 3) & Mask,
        L2 = (BinaryPrimitives.ReadUInt64LittleEndian(s[12..]) >> 6) & Mask,
        L3 = (BinaryPrimitives.ReadUInt64LittleEndian(s[19..]) >> 1) & Mask,
        L4 = (BinaryPrimitives.ReadUInt64LittleEndian(s[24..]) >> 12) & Mask,
    };

    private static void Store(Span<byte> s, Element a)
    {
        a = Carry(Carry(a));
        // The value is below 2^255 now: one subtraction of p at most. Adding 19 overflows bit 255 exactly when value ≥ p.
        var q = (a.L0 + 19) >> 51;
        q = (a.L1 + q) >> 51;
        q = (a.L2 + q) >> 51;
        q = (a.L3 + q) >> 51;
        q = (a.L4 + q) >> 51;
        a.L0 += 19 * q;
        a.L1 += a.L0 >> 51;
        a.L2 += a.L1 >> 51;
        a.L3 += a.L2 >> 51;
        a.L4 += a.L3 >> 51;
        a.L0 &= Mask;
        a.L1 &= Mask;
        a.L2 &= Mask;
        a.L3 &= Mask;
        a.L4 &= Mask;
        BinaryPrimitives.WriteUInt64LittleEndian(s, a.L0 | (a.L1 << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(s[8..], (a.L1 >> 13) | (a.L2 << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(s[16..], (a.L2 >> 26) | (a.L3 << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(s[24..], (a.L3 >> 39) | (a.L4 << 12));
    }

    private static Element Carry(Element a)
    {
        a.L1 += a.L0 >> 51;
        a.L2 += a.L1 >> 51;
        a.L3 += a.L2 >> 51;
        a.L4 += a.L3 >> 51;
        a.L0 = (a.L0 & Mask) + (19 * (a.L4 >> 51));
        a.L1 &= Mask;
        a.L2 &= Mask;
        a.L3 &= Mask;
        a.L4 &= Mask;
        return a;
    }

    private static Element Add(in Element a, in Element b) => Carry(new Element
    {
        L0 = a.L0 + b.L0,
        L1 = a.L1 + b.L1,
        L2 = a.L2 + b.L2,
        L3 = a.L3 + b.L3,
        L4 = a.L4 + b.L4,
    });

    // 2p is added first, so that no limb goes below zero.
    private static Element Subtract(in Element a, in Element b) => Carry(new Element
    {
        L0 = a.L0 + (2 * (Mask - 18)) - b.L0,
        L1 = a.L1 + (2 * Mask) - b.L1,
        L2 = a.L2 + (2 * Mask) - b.L2,
        L3 = a.L3 + (2 * Mask) - b.L3,
        L4 = a.L4 + (2 * Mask) - b.L4,
    });

    private static Element Multiply(in Element a, in Element b)
    {
        ulong b1 = 19 * b.L1, b2 = 19 * b.L2, b3 = 19 * b.L3, b4 = 19 * b.L4;
        var r0 = Wide(a.L0, b.L0) + Wide(a.L1, b4) + Wide(a.L2, b3) + Wide(a.L3, b2) + Wide(a.L4, b1);
        var r1 = Wide(a.L0, b.L1) + Wide(a.L1, b.L0) + Wide(a.L2, b4) + Wide(a.L3, b3) + Wide(a.L4, b2);
        var r2 = Wide(a.L0, b.L2) + Wide(a.L1, b.L1) + Wide(a.L2, b.L0) + Wide(a.L3, b4) + Wide(a.L4, b3);
        var r3 = Wide(a.L0, b.L3) + Wide(a.L1, b.L2) + Wide(a.L2, b.L1) + Wide(a.L3, b.L0) + Wide(a.L4, b4);
        var r4 = Wide(a.L0, b.L4) + Wide(a.L1, b.L3) + Wide(a.L2, b.L2) + Wide(a.L3, b.L1) + Wide(a.L4, b.L0);

        r1 += (ulong)(r0 >> 51);
        r2 += (ulong)(r1 >> 51);
        r3 += (ulong)(r2 >> 51);
        r4 += (ulong)(r3 >> 51);
        var l0 = ((ulong)r0 & Mask) + (19 * (ulong)(r4 >> 51));
        return new Element
        {
            L0 = l0 & Mask,
            L1 = ((ulong)r1 & Mask) + (l0 >> 51),
            L2 = (ulong)r2 & Mask,
            L3 = (ulong)r3 & Mask,
            L4 = (ulong)r4 & Mask,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static UInt128 Wide(ulong a, ulong b) => Math.BigMul(a, b);

    // a^(p − 2) by Fermat; p − 2 = 2^255 − 21 (binary: 250 ones, then 01011).
    private static Element Invert(in Element a)
    {
        var a2 = Square(a, 1);
        var a9 = Multiply(Square(a2, 2), a);
        var a11 = Multiply(a9, a2);
        var ones5 = Multiply(Square(a11, 1), a9);
        var ones10 = Multiply(Square(ones5, 5), ones5);
        var ones20 = Multiply(Square(ones10, 10), ones10);
        var ones40 = Multiply(Square(ones20, 20), ones20);
        var ones50 = Multiply(Square(ones40, 10), ones10);
        var ones100 = Multiply(Square(ones50, 50), ones50);
        var ones200 = Multiply(Square(ones100, 100), ones100);
        var ones250 = Multiply(Square(ones200, 50), ones50);
        return Multiply(Square(ones250, 5), a11);
    }

    private static Element Square(Element a, int times)
    {
        for (; times > 0; times--)
            a = Multiply(a, a);
        return a;
    }
}
