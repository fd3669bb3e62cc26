namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Where the last good WhatsApp Web version is kept.</summary>
internal sealed record WebVersionFile(string Path);
