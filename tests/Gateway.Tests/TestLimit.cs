namespace Evolution.Gateway.Tests;

/// <summary>How long a test that starts or waits for a process may take on a busy machine. It strikes only when something hangs: then that test fails by its name.</summary>
internal static class TestLimit
{
    public const int Ms = 180_000;
}
