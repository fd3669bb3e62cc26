using System.Runtime.InteropServices;

namespace Evolution.Protocol.Crypto;

/// <summary>
/// The few functions of libsodium that .NET lacks: Curve25519 agreement and Ed25519 group and scalar arithmetic.
/// Every span must have the length the C function reads or writes; <see cref="Curve25519"/> is the only caller and checks it.
/// </summary>
internal static partial class Sodium
{
    private const string Library = "libsodium";

    static Sodium()
    {
        // 0: initialised, 1: was already; anything else means no usable CPU features or random source.
        if (sodium_init() < 0)
            throw new InvalidOperationException("libsodium could not be initialised.");
    }

    public static int ScalarMult(Span<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> p) => crypto_scalarmult_curve25519(q, n, p);

    public static int ScalarMultBase(Span<byte> q, ReadOnlySpan<byte> n) => crypto_scalarmult_curve25519_base(q, n);

    public static int EdwardsScalarMultBase(Span<byte> q, ReadOnlySpan<byte> n) => crypto_scalarmult_ed25519_base_noclamp(q, n);

    public static void ScalarReduce(Span<byte> r, ReadOnlySpan<byte> s) => crypto_core_ed25519_scalar_reduce(r, s);

    public static void ScalarMultiply(Span<byte> z, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y) => crypto_core_ed25519_scalar_mul(z, x, y);

    public static void ScalarAdd(Span<byte> z, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y) => crypto_core_ed25519_scalar_add(z, x, y);

    public static int Ed25519Verify(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey) =>
        crypto_sign_verify_detached(signature, message, (ulong)message.Length, publicKey);

#pragma warning disable IDE1006 // the names are libsodium's
    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int sodium_init();

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int crypto_scalarmult_curve25519(Span<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> p);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int crypto_scalarmult_curve25519_base(Span<byte> q, ReadOnlySpan<byte> n);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int crypto_scalarmult_ed25519_base_noclamp(Span<byte> q, ReadOnlySpan<byte> n);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial void crypto_core_ed25519_scalar_reduce(Span<byte> r, ReadOnlySpan<byte> s);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial void crypto_core_ed25519_scalar_mul(Span<byte> z, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial void crypto_core_ed25519_scalar_add(Span<byte> z, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int crypto_sign_verify_detached(ReadOnlySpan<byte> sig, ReadOnlySpan<byte> m, ulong mlen, ReadOnlySpan<byte> pk);
#pragma warning restore IDE1006
}
