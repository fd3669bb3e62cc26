using Evolution.Gateway.Events;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Media;
using Evolution.Storage.Instances;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>What every instance of this kind shares.</summary>
internal sealed class HostParts(
    GatewayEvents events, DeviceOptions device, SavingOptions saving, InstanceStore instances, MessageStore messages, ChatStore chats, ArrivedFiles files, TimeProvider time,
    ILoggerFactory loggers)
{
    public GatewayEvents Events => events;

    public DeviceOptions Device => device;

    public SavingOptions Saving => saving;

    public InstanceStore Instances => instances;

    public MessageStore Messages => messages;

    public ChatStore Chats => chats;

    public ArrivedFiles Files => files;

    public TimeProvider Time => time;

    public SentRecords Sent { get; } = new();

    public ILogger Logger { get; } = loggers.CreateLogger("Evolution.Gateway.Instances");
}
