namespace Evolution.Gateway.EvolutionWire;

/// <summary>Evolution's event names: the dotted one in payloads, the upper-case one in subscriptions, the dashed one in addresses.</summary>
internal static class EventNames
{
    public const string InstanceCreate = "instance.create";
    public const string InstanceDelete = "instance.delete";
    public const string RemoveInstance = "remove.instance";
    public const string LogoutInstance = "logout.instance";
    public const string StatusInstance = "status.instance";
    public const string QrCodeUpdated = "qrcode.updated";
    public const string ConnectionUpdate = "connection.update";
    public const string MessagesSet = "messages.set";
    public const string MessagesUpsert = "messages.upsert";
    public const string MessagesUpdate = "messages.update";
    public const string MessagesEdited = "messages.edited";
    public const string MessagesDelete = "messages.delete";
    public const string MessagesUndecryptable = "messages.undecryptable";
    public const string SendMessage = "send.message";
    public const string SendMessageUpdate = "send.message.update";
    public const string ContactsUpsert = "contacts.upsert";
    public const string ContactsUpdate = "contacts.update";
    public const string PresenceUpdate = "presence.update";
    public const string ChatsSet = "chats.set";
    public const string ChatsUpsert = "chats.upsert";
    public const string ChatsUpdate = "chats.update";
    public const string GroupsUpsert = "groups.upsert";
    public const string GroupsUpdate = "groups.update";
    public const string GroupParticipantsUpdate = "group-participants.update";
    public const string Call = "call";

    /// <summary>What a subscription may name, in the order in which Evolution lists it; an empty list means all of them. <see cref="Ours"/> may be named too.</summary>
    public static IReadOnlyList<string> Subscribable { get; } =
    [
        "APPLICATION_STARTUP", "QRCODE_UPDATED", "MESSAGES_SET", "MESSAGES_UPSERT", "MESSAGES_EDITED", "MESSAGES_UPDATE", "MESSAGES_DELETE",
        "SEND_MESSAGE", "SEND_MESSAGE_UPDATE", "CONTACTS_SET", "CONTACTS_UPSERT", "CONTACTS_UPDATE", "PRESENCE_UPDATE", "CHATS_SET", "CHATS_UPSERT",
        "CHATS_UPDATE", "CHATS_DELETE", "GROUPS_UPSERT", "GROUP_UPDATE", "GROUP_PARTICIPANTS_UPDATE", "CONNECTION_UPDATE", "LABELS_EDIT",
        "LABELS_ASSOCIATION", "CALL", "TYPEBOT_START", "TYPEBOT_CHANGE_STATUS", "REMOVE_INSTANCE", "LOGOUT_INSTANCE", "INSTANCE_CREATE",
        "INSTANCE_DELETE", "STATUS_INSTANCE",
    ];

    /// <summary>What clients call GROUP_UPDATE that know the event's name alone; it means the same.</summary>
    public static string OtherGroupUpdate => "GROUPS_UPDATE";

    /// <summary>Events of ours, which Evolution has not: they come to who names them, never because a list is empty.</summary>
    public static IReadOnlyList<string> Ours { get; } = [SubscriptionOf(MessagesUndecryptable)];

    /// <summary>What the flat fields of instance/create may name: the list above without the instance's own events.</summary>
    public static IReadOnlyList<string> SubscribableAtCreate { get; } = [.. Subscribable.Take(26)];

    /// <summary>
    /// The name under which an event is subscribed to. <c>groups.update</c> is GROUP_UPDATE: Evolution derives GROUPS_UPDATE, which no list has, so
    /// that nobody ever gets the event there.
    /// </summary>
    public static string SubscriptionOf(string dotted) =>
        dotted == GroupsUpdate ? "GROUP_UPDATE" : dotted.Replace('.', '_').Replace('-', '_').ToUpperInvariant();

    /// <summary>The name that <see cref="SubscriptionOf"/> gives to what a subscription names.</summary>
    public static string CanonicalSubscription(string named) => named == OtherGroupUpdate ? SubscriptionOf(GroupsUpdate) : named;

    /// <summary>The last part of the address when a subscriber wants one address an event.</summary>
    public static string AddressSuffixOf(string dotted) => dotted.Replace('.', '-');
}
