using FluentMigrator;

namespace Evolution.Storage.Migrations;

/// <summary>
/// Sender keys are given device by device, and a device that loses them is found in every group at once; a status remembers its readers. What
/// was kept before was never read, so nothing of it is carried over.
/// </summary>
[Migration(Number, "group keys")]
public sealed class GroupKeys : Migration
{
    internal const long Number = 3;

    /// <inheritdoc/>
    public override void Up()
    {
        Delete.Table("sender_key_recipients");
        Create.Table("sender_key_recipients")
            .WithColumn("instance_id").AsString(36).NotNullable()
            .ForeignKey("fk_sender_key_recipients_instance", "instances", "id").OnDelete(System.Data.Rule.Cascade).PrimaryKey()
            .WithColumn("group_jid").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("device").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("held").AsBoolean().NotNullable();
        Create.Index("ix_sender_key_recipients_device").OnTable("sender_key_recipients")
            .OnColumn("instance_id").Ascending().OnColumn("device").Ascending();
        Alter.Table("sent_messages").AddColumn("readers").AsString(int.MaxValue).Nullable();
    }

    /// <inheritdoc/>
    public override void Down()
    {
        Delete.Column("readers").FromTable("sent_messages");
        Delete.Table("sender_key_recipients");
        Create.Table("sender_key_recipients")
            .WithColumn("instance_id").AsString(36).NotNullable()
            .ForeignKey("fk_sender_key_recipients_instance", "instances", "id").OnDelete(System.Data.Rule.Cascade).PrimaryKey()
            .WithColumn("group_jid").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("devices").AsString(int.MaxValue).NotNullable();
    }
}
