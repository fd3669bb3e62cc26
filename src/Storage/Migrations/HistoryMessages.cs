using FluentMigrator;

namespace Evolution.Storage.Migrations;

/// <summary>Which messages are known from the history alone: one that comes by itself afterwards is still news.</summary>
[Migration(Number, "messages of the history")]
public sealed class HistoryMessages : Migration
{
    internal const long Number = 8;

    /// <inheritdoc/>
    public override void Up() => Alter.Table("messages").AddColumn("is_history").AsBoolean().NotNullable().WithDefaultValue(false);

    /// <inheritdoc/>
    public override void Down() => Delete.Column("is_history").FromTable("messages");
}
