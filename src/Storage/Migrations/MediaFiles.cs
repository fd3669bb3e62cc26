using FluentMigrator;

namespace Evolution.Storage.Migrations;

/// <summary>Which messages have their file in an object store, and where.</summary>
[Migration(Number, "media files")]
public sealed class MediaFiles : Migration
{
    internal const long Number = 4;

    /// <inheritdoc/>
    public override void Up() =>
        Create.Table("media_files")
            .WithColumn("message_id").AsString(25).PrimaryKey()
            .ForeignKey("fk_media_files_message", "messages", "id").OnDelete(System.Data.Rule.Cascade)
            .WithColumn("instance_id").AsString(36).NotNullable()
            .ForeignKey("fk_media_files_instance", "instances", "id").OnDelete(System.Data.Rule.Cascade)
            .WithColumn("id").AsString(25).NotNullable()
            .WithColumn("object_name").AsString(1024).NotNullable()
            .WithColumn("media_type").AsString(100).NotNullable()
            .WithColumn("mimetype").AsString(int.MaxValue).NotNullable()
            .WithColumn("created_at").AsInt64().NotNullable();

    /// <inheritdoc/>
    public override void Down() => Delete.Table("media_files");
}
