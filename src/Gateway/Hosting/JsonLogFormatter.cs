using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Evolution.Gateway.Hosting;

/// <summary>
/// One line of JSON a log entry. <c>correlation</c> is the trace id of the request or stanza that the entry belongs to; the same value is in the
/// response header and in what the request led to.
/// </summary>
internal sealed class JsonLogFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "evolution-json";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, WireJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("time", WireJson.Time(time.GetUtcNow()));
            writer.WriteString("level", LevelName(logEntry.LogLevel));
            writer.WriteString("logger", logEntry.Category);
            writer.WriteNumber("event", logEntry.EventId.Id);
            writer.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            if (Activity.Current is { } activity)
                writer.WriteString("correlation", activity.TraceId.ToHexString());
            if (logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> values)
                WriteValues(writer, values);
            if (logEntry.Exception is { } exception)
                writer.WriteString("exception", exception.ToString());
            writer.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteValues(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        foreach (var (name, value) in values)
        {
            if (name != "{OriginalFormat}")
                writer.WriteStringOrNull(JsonNamingPolicy.CamelCase.ConvertName(name), value is DateTimeOffset time ? WireJson.Time(time) : value?.ToString());
        }
    }

    private static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Critical => "critical",
        LogLevel.Error => "error",
        LogLevel.Warning => "warn",
        LogLevel.Information => "info",
        LogLevel.Debug => "debug",
        _ => "trace",
    };
}
