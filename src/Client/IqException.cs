namespace Evolution.Client;

/// <summary>The server refused a request.</summary>
#pragma warning disable CA1032 // A refusal without code is none.
public sealed class IqException(int code, string text, TimeSpan? backOff = null) : WhatsAppException($"The server refused the request: {code} {text}")
#pragma warning restore CA1032
{
    /// <summary>The server's code, with HTTP's meaning for most: 404 not found, 429 too many requests, …</summary>
    public int Code { get; } = code;

    /// <summary>The server's word for it.</summary>
    public string Text { get; } = text;

    /// <summary>How long to wait before the next try, when the server says so.</summary>
    public TimeSpan? BackOff { get; } = backOff;
}
