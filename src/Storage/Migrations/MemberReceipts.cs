using FluentMigrator;

namespace Evolution.Storage.Migrations;

/// <summary>
/// What a member of a group has of a message is found without reading what all the others have: a message to many gets as many receipts, and each
/// looks for its own member.
/// </summary>
[Migration(Number, "member receipts")]
public sealed class MemberReceipts : Migration
{
    internal const long Number = 7;

    /// <inheritdoc/>
    public override void Up()
    {
        Delete.Index("ix_message_updates_message").OnTable("message_updates");
        Create.Index("ix_message_updates_member").OnTable("message_updates")
            .OnColumn("message_id").Ascending().OnColumn("participant").Ascending().OnColumn("status").Ascending();
    }

    /// <inheritdoc/>
    public override void Down()
    {
        Delete.Index("ix_message_updates_member").OnTable("message_updates");
        Create.Index("ix_message_updates_message").OnTable("message_updates").OnColumn("message_id").Ascending();
    }
}
