using System.Security.Cryptography;

namespace Evolution.Storage;

/// <summary>Row ids as Evolution's clients know them: 25 characters, starting with <c>c</c>, ascending with time.</summary>
public static class RowId
{
    private const int Length = 25;
    private const int TimeDigits = 9;
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>A new id.</summary>
    public static string New(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return New(time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>A new id for a time in milliseconds since 1970.</summary>
    internal static string New(long milliseconds) => string.Create(Length, milliseconds, static (text, left) =>
    {
        text[0] = 'c';
        for (var i = TimeDigits; i > 0; i--)
        {
            text[i] = Digits[(int)(left % 36)];
            left /= 36;
        }

        RandomNumberGenerator.GetItems(Digits, text[(TimeDigits + 1)..]);
    });
}
