using FluentMigrator;
using FluentMigrator.Builders.Create.Table;

namespace Evolution.Storage.Migrations;

/// <summary>
/// The first schema. Types are those that SQLite, PostgreSQL and MySQL share: times are 64-bit milliseconds since 1970 (message times seconds, as on
/// the wire), JSON is text, JIDs have 100 characters, serialised records are binary.
/// </summary>
[Migration(Number, "first light")]
public sealed partial class FirstLight : Migration
{
    internal const long Number = 1;

    /// <inheritdoc/>
    public override void Up()
    {
        CreateInstances();
        CreateDevices();
        CreateMessages();
        CreateOutbox();
    }

    /// <inheritdoc/>
    public override void Down()
    {
        foreach (var table in Tables)
            Delete.Table(table);
    }

    private static readonly string[] Tables =
    [
        "dead_letters", "deliveries", "events",
        "message_updates", "messages", "chats", "contacts",
        "retries", "sent_messages", "app_state_keys", "trusted_contact_tokens", "device_lists", "address_map",
        "sender_key_recipients", "sender_keys", "signed_pre_keys", "pre_keys", "identities", "sessions",
        "archived_credentials", "devices", "webhooks", "settings", "instances",
    ];

    private void CreateInstances()
    {
        Create.Table("instances")
            .WithColumn("id").AsString(36).PrimaryKey()
            .WithColumn("name").AsString(255).NotNullable().Unique("ux_instances_name")
            .WithColumn("token").AsString(255).NotNullable()
            .WithColumn("token_hash").AsString(64).NotNullable().Indexed("ix_instances_token_hash")
            .WithColumn("integration").AsString(100).NotNullable()
            .WithColumn("number").AsString(100).Nullable().Indexed("ix_instances_number")
            .WithColumn("business_id").AsString(100).Nullable()
            .WithColumn("client_name").AsString(100).NotNullable()
            .WithColumn("connection_status").AsString(20).NotNullable()
            .WithColumn("owner_jid").AsString(100).Nullable()
            .WithColumn("profile_name").AsString(255).Nullable()
            .WithColumn("profile_pic_url").AsString(2000).Nullable()
            .WithColumn("disconnection_reason_code").AsInt32().Nullable()
            .WithColumn("disconnection_object").AsString(int.MaxValue).Nullable()
            .WithColumn("disconnection_at").AsInt64().Nullable()
            .WithColumn("fence").AsInt64().NotNullable()
            .WithColumn("created_at").AsInt64().NotNullable()
            .WithColumn("updated_at").AsInt64().NotNullable();

        OwnedTable("settings", row => row.PrimaryKey())
            .WithColumn("id").AsString(25).NotNullable()
            .WithColumn("reject_call").AsBoolean().NotNullable()
            .WithColumn("msg_call").AsString(int.MaxValue).NotNullable()
            .WithColumn("groups_ignore").AsBoolean().NotNullable()
            .WithColumn("always_online").AsBoolean().NotNullable()
            .WithColumn("read_messages").AsBoolean().NotNullable()
            .WithColumn("read_status").AsBoolean().NotNullable()
            .WithColumn("sync_full_history").AsBoolean().NotNullable()
            .WithColumn("wavoip_token").AsString(255).NotNullable()
            .WithColumn("created_at").AsInt64().NotNullable()
            .WithColumn("updated_at").AsInt64().NotNullable();

        OwnedTable("webhooks", row => row.PrimaryKey())
            .WithColumn("id").AsString(25).NotNullable()
            .WithColumn("url").AsString(2000).NotNullable()
            .WithColumn("headers").AsString(int.MaxValue).Nullable()
            .WithColumn("enabled").AsBoolean().NotNullable()
            .WithColumn("events").AsString(int.MaxValue).NotNullable()
            .WithColumn("webhook_by_events").AsBoolean().NotNullable()
            .WithColumn("webhook_base64").AsBoolean().NotNullable()
            .WithColumn("secret").AsString(255).Nullable()
            .WithColumn("created_at").AsInt64().NotNullable()
            .WithColumn("updated_at").AsInt64().NotNullable();
    }

    /// <summary>A table whose rows belong to an instance and go with it.</summary>
    private ICreateTableColumnOptionOrWithColumnSyntax OwnedTable(
        string name, Func<ICreateTableColumnOptionOrWithColumnSyntax, ICreateTableColumnOptionOrWithColumnSyntax> key)
    {
        var column = Create.Table(name).WithColumn("instance_id").AsString(36).NotNullable();
        return key(column.ForeignKey("fk_" + name + "_instance", "instances", "id").OnDelete(System.Data.Rule.Cascade));
    }
}
