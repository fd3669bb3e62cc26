using FluentMigrator.Builders.Create.Table;

namespace Evolution.Storage.Migrations;

public sealed partial class FirstLight
{
    private void CreateDevices()
    {
        OwnedTable("devices", row => row.PrimaryKey())
            .WithColumn("credentials").AsBinary(int.MaxValue).Nullable()
            .WithColumn("next_pre_key_id").AsInt64().NotNullable()
            .WithColumn("updated_at").AsInt64().NotNullable();

        Create.Table("archived_credentials")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("instance_id").AsString(36).NotNullable().Indexed("ix_archived_credentials_instance")
            .ForeignKey("fk_archived_credentials_instance", "instances", "id").OnDelete(System.Data.Rule.Cascade)
            .WithColumn("credentials").AsBinary(int.MaxValue).NotNullable()
            .WithColumn("archived_at").AsInt64().NotNullable();

        KeyedTable("sessions", t => t
            .WithColumn("name").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("device").AsInt64().NotNullable().PrimaryKey()
            .WithColumn("record").AsBinary(int.MaxValue).NotNullable());
        KeyedTable("identities", t => t
            .WithColumn("name").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("device").AsInt64().NotNullable().PrimaryKey()
            .WithColumn("public_key").AsBinary(int.MaxValue).NotNullable());
        KeyedTable("pre_keys", t => t
            .WithColumn("id").AsInt64().NotNullable().PrimaryKey()
            .WithColumn("private_key").AsBinary(int.MaxValue).NotNullable()
            .WithColumn("published").AsBoolean().NotNullable());
        KeyedTable("signed_pre_keys", t => t
            .WithColumn("id").AsInt64().NotNullable().PrimaryKey()
            .WithColumn("private_key").AsBinary(int.MaxValue).NotNullable()
            .WithColumn("signature").AsBinary(int.MaxValue).NotNullable());
        KeyedTable("sender_keys", t => t
            .WithColumn("group_jid").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("name").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("device").AsInt64().NotNullable().PrimaryKey()
            .WithColumn("record").AsBinary(int.MaxValue).NotNullable());
        KeyedTable("sender_key_recipients", t => t
            .WithColumn("group_jid").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("devices").AsString(int.MaxValue).NotNullable());
        KeyedTable("address_map", t => t
            .WithColumn("phone").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("lid").AsString(100).NotNullable());
        Create.Index("ux_address_map_lid").OnTable("address_map").OnColumn("instance_id").Ascending().OnColumn("lid").Unique();
        KeyedTable("device_lists", t => t
            .WithColumn("user_jid").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("devices").AsString(int.MaxValue).NotNullable()
            .WithColumn("fetched_at").AsInt64().NotNullable()
            .WithColumn("hash").AsString(100).Nullable());
        KeyedTable("trusted_contact_tokens", t => t
            .WithColumn("user_jid").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("token").AsBinary(int.MaxValue).Nullable()
            .WithColumn("token_time").AsInt64().Nullable()
            .WithColumn("issued_at").AsInt64().Nullable());
        KeyedTable("app_state_keys", t => t
            .WithColumn("id").AsString(128).NotNullable().PrimaryKey()
            .WithColumn("data").AsBinary(int.MaxValue).NotNullable()
            .WithColumn("fingerprint").AsBinary(int.MaxValue).NotNullable()
            .WithColumn("made_at").AsInt64().NotNullable());
        KeyedTable("sent_messages", t => t
            .WithColumn("chat").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("id").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("content").AsBinary(int.MaxValue).NotNullable()
            .WithColumn("sent_at").AsInt64().NotNullable()
            .WithColumn("acknowledged").AsBoolean().NotNullable()
            .WithColumn("attributes").AsString(int.MaxValue).Nullable());
        Create.Index("ix_sent_messages_open").OnTable("sent_messages")
            .OnColumn("instance_id").Ascending().OnColumn("acknowledged").Ascending().OnColumn("sent_at").Ascending();
        KeyedTable("retries", t => t
            .WithColumn("direction").AsInt32().NotNullable().PrimaryKey()
            .WithColumn("message_id").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("device").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("count").AsInt32().NotNullable()
            .WithColumn("last_at").AsInt64().NotNullable()
            .WithColumn("base_key").AsBinary(int.MaxValue).Nullable());
        Create.Index("ix_retries_age").OnTable("retries").OnColumn("last_at").Ascending();
    }

    /// <summary>A table of an instance whose key starts with the instance.</summary>
    private void KeyedTable(string name, Action<ICreateTableColumnOptionOrWithColumnSyntax> columns) =>
        columns(OwnedTable(name, row => row.PrimaryKey()));
}
