using Evolution.Simulator.Phones;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>whatsapp-rust: by its own calls where it has one, else as it is.</summary>
internal sealed class RustParty(PeerDevice device, Phone phone) : DriverParty(device, phone)
{
    /// <summary>Runs one operation of the driver.</summary>
    public Task CallAsync(string operation, object arguments, CancellationToken ct) => Device.CallAsync(operation, arguments, ct);

    protected override (string Operation, object Arguments) Call(MatrixRow row, CellContext at) =>
        row.Rust?.Invoke(at) is { } call ? (call.Operation, call.Arguments) : ("sendContent", AsItIs(row, at));
}
