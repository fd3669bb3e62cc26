using Evolution.Storage.Settings;

namespace Evolution.Gateway.Instances;

/// <summary>Stores an instance's settings and webhook, and puts them in force.</summary>
internal sealed class InstanceSettings(SettingsStore settings, WebhookStore webhooks)
{
    /// <summary>What an instance has that never set anything.</summary>
    public static SettingsRow Defaults { get; } = new()
    {
        RejectCall = false,
        MsgCall = "",
        GroupsIgnore = false,
        AlwaysOnline = false,
        ReadMessages = false,
        ReadStatus = false,
        SyncFullHistory = false,
        WavoipToken = "",
    };

    /// <param name="change">Makes the new settings of the present ones.</param>
    public async Task<SettingsRow> SaveAsync(Instance instance, Func<SettingsRow, SettingsRow> change, CancellationToken cancellationToken)
    {
        await instance.Changing.WaitAsync(cancellationToken);
        try
        {
            return instance.Settings = await settings.SaveAsync(instance.Id, change(instance.Settings), cancellationToken);
        }
        finally
        {
            instance.Changing.Release();
        }
    }

    /// <param name="change">Makes the new webhook of the present one, if there is one.</param>
    public async Task<WebhookRow> SaveAsync(Instance instance, Func<WebhookRow?, WebhookRow> change, CancellationToken cancellationToken)
    {
        await instance.Changing.WaitAsync(cancellationToken);
        try
        {
            var stored = await webhooks.SaveAsync(instance.Id, change(instance.Webhook?.Row), cancellationToken);
            instance.Webhook = new WebhookSubscription(stored);
            return stored;
        }
        finally
        {
            instance.Changing.Release();
        }
    }
}
