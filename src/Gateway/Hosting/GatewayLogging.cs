using Microsoft.Extensions.Logging.Console;

namespace Evolution.Gateway.Hosting;

internal static class GatewayLogging
{
    /// <summary>A factory that writes JSON lines to the standard output. It outlives the web host, so that what is opened first and closed last can log.</summary>
    public static ILoggerFactory CreateFactory(LogLevel lowest, TimeProvider time) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(lowest);
        // The framework's own account of each request names paths, and with them people's numbers.
        logging.AddFilter("Microsoft", level => level >= LogLevel.Warning && level >= lowest);
        // It reports a start that failed with its stack; the exception goes on to whoever started the host and is told there.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Critical && level >= lowest);
        logging.AddFilter("System", level => level >= LogLevel.Warning && level >= lowest);
        logging.Services.AddSingleton(time);
        logging.AddConsole(options => options.FormatterName = JsonLogFormatter.FormatterName);
        logging.AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>();
    });
}
