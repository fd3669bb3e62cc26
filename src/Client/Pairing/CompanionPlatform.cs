namespace Evolution.Client.Pairing;

/// <summary>What kind of client we say we are (Baileys, src/Utils/companion-reg-client-utils.ts).</summary>
internal static class CompanionPlatform
{
    /// <summary>The number in the QR code's fifth field and in the pairing-code request.</summary>
    public static string ClientType(string operatingSystem, string browser) => browser switch
    {
        "Chrome" => "1",
        "Edge" => "2",
        "Firefox" => "3",
        "IE" => "4",
        "Opera" => "5",
        "Safari" => "6",
        "Desktop" => operatingSystem == "Windows" ? "8" : "7",
        _ => "9",
    };
}
