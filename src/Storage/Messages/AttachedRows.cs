using Evolution.Client.Stores;
using Evolution.Storage.Database;
using Evolution.Storage.Instances;
using Evolution.Storage.Outbox;
using Evolution.Storage.Settings;

namespace Evolution.Storage.Messages;

/// <summary>The attached writes this store knows.</summary>
internal static class AttachedRows
{
    /// <summary>Refuses unknown kinds before anything is written.</summary>
    public static void Check(IReadOnlyList<IAttachedWrite> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows)
        {
            switch (row)
            {
                case InsertMessage message:
                    Check(message.WhenInserted);
                    Check(message.WhenReplaced);
                    break;
                case UpdateMessageStatus status:
                    Check(status.WhenRaised);
                    break;
                case EditMessage edit:
                    Check(edit.WhenEdited);
                    break;
                case RevokeMessage revoke:
                    Check(revoke.WhenRevoked);
                    break;
                case UpsertContact contact:
                    Check(contact.WhenCreated);
                    Check(contact.WhenChanged);
                    break;
                case UpsertChat chat:
                    Check(chat.WhenCreated);
                    Check(chat.WhenChanged);
                    break;
                case AwaitFile or SetChatTimer or RecordPollVote or AppendEvent or ConnectionUpdate or SettingsRow or WebhookRow:
                    break;
                default:
                    throw new ArgumentException($"This store knows no attached write {row.GetType().Name}.", nameof(rows));
            }
        }
    }

    /// <summary>Writes the rows in their order.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="instanceId">The instance they belong to.</param>
    /// <param name="rows">The rows, checked before.</param>
    /// <param name="now">The time, in milliseconds since 1970.</param>
    /// <param name="rowId">The row of the message or chat that they follow; null where they follow none. Events can't know it: see <see cref="UpdateMessageStatus.RowIdPlaceholder"/>.</param>
    public static void Apply(WriteTransaction transaction, string instanceId, IReadOnlyList<IAttachedWrite> rows, long now, string? rowId = null)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            switch (rows[i])
            {
                case InsertMessage message:
                    MessageRows.Insert(transaction, instanceId, message, now);
                    break;
                case UpdateMessageStatus status:
                    MessageChangeRows.Raise(transaction, instanceId, status, now);
                    break;
                case EditMessage edit:
                    MessageChangeRows.Edit(transaction, instanceId, edit, now);
                    break;
                case RevokeMessage revoke:
                    MessageChangeRows.Revoke(transaction, instanceId, revoke, now);
                    break;
                case RecordPollVote vote:
                    PollVoteRows.Record(transaction, instanceId, vote, now);
                    break;
                case AwaitFile when rowId is not null:
                    FileQueue.Add(transaction, instanceId, rowId, now);
                    break;
                case UpsertChat chat:
                    ChatRows.Upsert(transaction, instanceId, chat, now);
                    break;
                case SetChatTimer timer:
                    ChatRows.SetTimer(transaction, instanceId, timer, now);
                    break;
                case UpsertContact contact:
                    ContactRows.Upsert(transaction, instanceId, contact, now);
                    break;
                case ConnectionUpdate update:
                    InstanceConnection.Apply(transaction, instanceId, update, now);
                    break;
                case SettingsRow settings:
                    SettingsStore.Apply(transaction, instanceId, settings, now);
                    break;
                case WebhookRow webhook:
                    WebhookStore.Apply(transaction, instanceId, webhook, now);
                    break;
                case AppendEvent e:
                    DeliveryRows.Append(transaction, instanceId, e, now, rowId);
                    break;
                default:
                    throw new ArgumentException($"This store knows no attached write {rows[i].GetType().Name}.", nameof(rows));
            }
        }
    }
}
