namespace Evolution.Gateway.Providers;

/// <summary>What someone does in a chat.</summary>
internal enum ChatActivity
{
    Composing,
    Recording,
    Paused,
}
