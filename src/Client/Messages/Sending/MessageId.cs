using System.Security.Cryptography;

namespace Evolution.Client.Messages.Sending;

/// <summary>Ids of messages we send.</summary>
public static class MessageId
{
    /// <summary>A new id: <c>3EB0</c> and 18 upper-case hexadecimal digits, the form web clients use (Baileys Utils/generics.ts, generateMessageIDV2).</summary>
    public static string Create() => string.Concat("3EB0", Convert.ToHexString(RandomNumberGenerator.GetBytes(9)));
}
