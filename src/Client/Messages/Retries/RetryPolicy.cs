using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Messages.Retries;

/// <summary>How often and how long messages are asked for and given again.</summary>
internal static class RetryPolicy
{
    /// <summary>A message is asked for at most this often, and given at most this often to one device.</summary>
    public const int MaxCount = 5;

    /// <summary>The count that marks a message as answered: whatever copy of it comes later was seen before.</summary>
    public const int Answered = -1;

    /// <summary>How long the author gets before our phone is asked (Baileys Utils/message-retry-manager.ts, phoneRequestDelay).</summary>
    public static readonly TimeSpan PhoneDelay = TimeSpan.FromSeconds(3);

    /// <summary>How long a message that came without content may still arrive before our phone is asked (Baileys Socket/messages-recv.ts, requestPlaceholderResend).</summary>
    public static readonly TimeSpan AbsentDelay = TimeSpan.FromSeconds(2);

    /// <summary>Phones do not give older ones (Baileys Defaults, PLACEHOLDER_MAX_AGE_SECONDS).</summary>
    public static readonly TimeSpan PlaceholderAge = TimeSpan.FromDays(14);

    /// <summary>Statuses live for a day; later there is nothing to show.</summary>
    public static readonly TimeSpan StatusAge = TimeSpan.FromHours(24);

    public static RetryKey Asked(MessageInfo info) => new(RetryDirection.Asked, info.Id, info.CanonicalSender);

    public static RetryKey AnsweredTo(string id, Jid canonicalDevice) => new(RetryDirection.Answered, id, canonicalDevice);
}
