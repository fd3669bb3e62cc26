namespace Evolution.Simulator.ControlApi;

/// <summary>A request that cannot be fulfilled: becomes the answer <c>{"error": code, "message": message}</c>.</summary>
/// <param name="status">HTTP status, 4xx or 504.</param>
/// <param name="code">Stable word for programs.</param>
/// <param name="message">What to do, for people.</param>
internal sealed class ControlException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public static ControlException Bad(string message) => new(400, "bad-request", message);
}
