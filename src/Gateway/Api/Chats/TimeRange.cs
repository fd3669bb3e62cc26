using System.Globalization;
using System.Text.Json;
using Evolution.Gateway.EvolutionWire;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>where.messageTimestamp</c>: it filters only when both ends are given.</summary>
internal static class TimeRange
{
    /// <returns>Both ends in seconds since 1970, inclusive; nulls when the range is missing or has one end.</returns>
    public static (long? From, long? To) Of(JsonElement where)
    {
        var range = where.ObjectOf("messageTimestamp");
        return SecondsOf(range, "gte") is { } from && SecondsOf(range, "lte") is { } to ? (from, to) : (null, null);
    }

    private static long? SecondsOf(JsonElement range, string name)
    {
        if (range.TextOf(name) is { } text)
        {
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time.ToUnixTimeSeconds()
                : throw ApiException.BadRequest($"messageTimestamp.{name} must be a date, such as 2025-10-21T12:00:00.000Z");
        }

        // A number is what JavaScript's Date makes of it: milliseconds.
        return range.IntegerOf(name) / 1000;
    }
}
