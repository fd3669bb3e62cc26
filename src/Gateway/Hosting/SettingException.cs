namespace Evolution.Gateway.Hosting;

/// <summary>The gateway can't start as it was told to. The message is one line for the person who starts it.</summary>
internal sealed class SettingException(string message) : Exception(message);
