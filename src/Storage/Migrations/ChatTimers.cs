using FluentMigrator;

namespace Evolution.Storage.Migrations;

/// <summary>After how long messages in a chat disappear.</summary>
[Migration(Number, "chat timers")]
public sealed class ChatTimers : Migration
{
    internal const long Number = 6;

    /// <inheritdoc/>
    public override void Up() => Alter.Table("chats").AddColumn("expiration_seconds").AsInt64().Nullable();

    /// <inheritdoc/>
    public override void Down() => Delete.Column("expiration_seconds").FromTable("chats");
}
