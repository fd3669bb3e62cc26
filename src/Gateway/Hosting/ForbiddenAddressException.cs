namespace Evolution.Gateway.Hosting;

/// <summary>A URL leads to where this gateway does not go on behalf of others.</summary>
internal sealed class ForbiddenAddressException(string host) : IOException($"{host} is at an address that may not be asked");
