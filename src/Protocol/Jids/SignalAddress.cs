namespace Evolution.Protocol.Jids;

/// <summary>The name under which a device's Signal session is kept.</summary>
/// <param name="Name">User with the addressing domain, e.g. <c>5511999990001</c> or <c>123456_1</c>.</param>
/// <param name="Device">Device number; 0 is the phone.</param>
public readonly record struct SignalAddress(string Name, uint Device)
{
    /// <summary><c>name.device</c>.</summary>
    public override string ToString() => $"{Name}.{Device}";

    /// <summary>Reads the form that <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">The text is not <c>name.device</c>.</exception>
    public static SignalAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var dot = text.LastIndexOf('.');
        if (dot <= 0 || !uint.TryParse(text.AsSpan(dot + 1), out var device)) throw new FormatException($"Not a Signal address ({text.Length} characters).");
        return new SignalAddress(text[..dot], device);
    }
}
