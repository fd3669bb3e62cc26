using FluentMigrator;

namespace Evolution.Storage.Migrations;

/// <summary>Which messages have a file that is still to be put into the object store.</summary>
[Migration(Number, "waiting files")]
public sealed class WaitingFiles : Migration
{
    internal const long Number = 5;

    /// <inheritdoc/>
    public override void Up()
    {
        Create.Table("waiting_files")
            .WithColumn("message_id").AsString(25).PrimaryKey()
            .ForeignKey("fk_waiting_files_message", "messages", "id").OnDelete(System.Data.Rule.Cascade)
            .WithColumn("instance_id").AsString(36).NotNullable()
            .ForeignKey("fk_waiting_files_instance", "instances", "id").OnDelete(System.Data.Rule.Cascade)
            .WithColumn("tries").AsInt32().NotNullable()
            .WithColumn("next_try_at").AsInt64().NotNullable()
            .WithColumn("created_at").AsInt64().NotNullable();
        Create.Index("ix_waiting_files_next_try_at").OnTable("waiting_files").OnColumn("next_try_at").Ascending();
    }

    /// <inheritdoc/>
    public override void Down() => Delete.Table("waiting_files");
}
