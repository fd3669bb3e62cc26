using Evolution.Gateway.Events.Webhook;
using Evolution.Storage;
using Evolution.Storage.Database;
using Evolution.Storage.Instances;
using Evolution.Storage.Messages;
using Evolution.Storage.Outbox;
using Evolution.Storage.Settings;

namespace Evolution.Gateway.Hosting;

/// <summary>The database and the stores on it.</summary>
internal static class Persistence
{
    /// <exception cref="SettingException">The database can't be used.</exception>
    public static async Task<SqliteDatabase> OpenAsync(DataFolder folder, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        try
        {
            return await SqliteDatabase.OpenAsync(new SqliteDatabaseOptions { Path = folder.DatabaseFile }, time, loggers, cancellationToken);
        }
        catch (Exception e) when (e is StorageUnavailableException or NewerSchemaException or ForeignSchemaException)
        {
            throw new SettingException($"The database {folder.DatabaseFile} can't be used: {e.Message}");
        }
    }

    public static IServiceCollection AddPersistence(this IServiceCollection services, SqliteDatabase database) => services
        .AddSingleton(database)
        .AddSingleton<InstanceStore>()
        .AddSingleton<InstanceOwnership>()
        .AddSingleton<SettingsStore>()
        .AddSingleton<WebhookStore>()
        .AddSingleton<MessageStore>()
        .AddSingleton<FileQueue>()
        .AddSingleton<ChatStore>()
        .AddSingleton<ContactStore>()
        .AddSingleton(services => new OutboxOptions { LongestWait = RetrySchedule.LongestWait(services.GetRequiredService<WebhookOptions>()) })
        .AddSingleton<EventOutbox>()
        .AddSingleton<DeadLetters>();
}
