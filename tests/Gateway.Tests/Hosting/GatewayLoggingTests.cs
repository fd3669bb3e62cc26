using Evolution.Gateway.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Gateway.Tests.Hosting;

public sealed class GatewayLoggingTests
{
    [Fact]
    public void A_start_that_failed_is_told_by_the_command_alone()
    {
        using var loggers = GatewayLogging.CreateFactory(LogLevel.Information, TimeProvider.System);

        Assert.False(loggers.CreateLogger("Microsoft.Extensions.Hosting.Internal.Host").IsEnabled(LogLevel.Error));
        Assert.True(loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel").IsEnabled(LogLevel.Error));
    }

    [Fact]
    public void Times_in_a_line_are_written_like_its_own()
    {
        var next = new DateTimeOffset(2026, 1, 31, 12, 0, 5, 138, TimeSpan.Zero);
        KeyValuePair<string, object?>[] values = [new("Next", next)];
        using var line = new StringWriter();

        new JsonLogFormatter(TimeProvider.System).Write(
            new LogEntry<KeyValuePair<string, object?>[]>(LogLevel.Warning, "test", default, values, null, (_, _) => ""), null, line);

        Assert.Contains("\"next\":\"2026-01-31T12:00:05.138Z\"", line.ToString(), StringComparison.Ordinal);
    }
}
