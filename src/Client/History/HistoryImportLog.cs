using Microsoft.Extensions.Logging;

namespace Evolution.Client.History;

internal static partial class HistoryImportLog
{
    [LoggerMessage(EventId = 360, Level = LogLevel.Debug, Message = "Imported a part of the {Type} history: {Chats} chats, {Messages} messages")]
    public static partial void Imported(this ILogger logger, string type, int chats, int messages);

    [LoggerMessage(EventId = 361, Level = LogLevel.Warning, Message = "The {Type} history could not be imported (attempt {Attempt})")]
    public static partial void Failed(this ILogger logger, Exception e, string type, int attempt);

    [LoggerMessage(EventId = 362, Level = LogLevel.Error, Message = "The {Type} history is lost: it is gone or damaged")]
    public static partial void Lost(this ILogger logger, Exception e, string type);
}
