namespace Evolution.Storage.Migrations;

public sealed partial class FirstLight
{
    private void CreateMessages()
    {
        Create.Table("messages")
            .WithColumn("seq").AsInt64().PrimaryKey().Identity()
            .WithColumn("id").AsString(25).NotNullable().Unique("ux_messages_id")
            .WithColumn("instance_id").AsString(36).NotNullable()
            .ForeignKey("fk_messages_instance", "instances", "id").OnDelete(System.Data.Rule.Cascade)
            .WithColumn("key_id").AsString(100).NotNullable()
            .WithColumn("canonical_chat").AsString(100).NotNullable()
            .WithColumn("canonical_sender").AsString(100).NotNullable()
            .WithColumn("remote_jid").AsString(100).NotNullable()
            .WithColumn("remote_jid_alt").AsString(100).Nullable()
            .WithColumn("remote_lid").AsString(100).Nullable()
            .WithColumn("from_me").AsBoolean().NotNullable()
            .WithColumn("participant").AsString(100).Nullable()
            .WithColumn("participant_alt").AsString(100).Nullable()
            .WithColumn("participant_lid").AsString(100).Nullable()
            .WithColumn("addressing_mode").AsString(10).Nullable()
            .WithColumn("key_extra").AsString(int.MaxValue).Nullable()
            .WithColumn("push_name").AsString(255).Nullable()
            .WithColumn("message_type").AsString(100).NotNullable()
            .WithColumn("message").AsString(int.MaxValue).NotNullable()
            .WithColumn("context_info").AsString(int.MaxValue).Nullable()
            .WithColumn("source").AsString(20).NotNullable()
            .WithColumn("message_timestamp").AsInt64().NotNullable()
            .WithColumn("status").AsInt32().Nullable()
            .WithColumn("is_placeholder").AsBoolean().NotNullable();
        // Uniqueness and the look-up by WhatsApp's id in one.
        Create.Index("ux_messages_key").OnTable("messages")
            .OnColumn("instance_id").Ascending().OnColumn("key_id").Ascending()
            .OnColumn("canonical_chat").Ascending().OnColumn("canonical_sender").Ascending().WithOptions().Unique();
        Create.Index("ix_messages_chat").OnTable("messages")
            .OnColumn("instance_id").Ascending().OnColumn("canonical_chat").Ascending().OnColumn("message_timestamp").Ascending();
        Create.Index("ix_messages_sender").OnTable("messages")
            .OnColumn("instance_id").Ascending().OnColumn("canonical_sender").Ascending();
        Create.Index("ix_messages_time").OnTable("messages")
            .OnColumn("instance_id").Ascending().OnColumn("message_timestamp").Ascending();

        Create.Table("message_updates")
            .WithColumn("seq").AsInt64().PrimaryKey().Identity()
            .WithColumn("id").AsString(25).NotNullable()
            .WithColumn("instance_id").AsString(36).NotNullable()
            .WithColumn("message_id").AsString(25).NotNullable().Indexed("ix_message_updates_message")
            .ForeignKey("fk_message_updates_message", "messages", "id").OnDelete(System.Data.Rule.Cascade)
            .WithColumn("key_id").AsString(100).NotNullable()
            .WithColumn("remote_jid").AsString(100).NotNullable()
            .WithColumn("from_me").AsBoolean().NotNullable()
            .WithColumn("participant").AsString(100).Nullable()
            .WithColumn("status").AsInt32().NotNullable()
            .WithColumn("created_at").AsInt64().NotNullable();

        Create.Table("chats")
            .WithColumn("id").AsString(25).PrimaryKey()
            .WithColumn("instance_id").AsString(36).NotNullable()
            .ForeignKey("fk_chats_instance", "instances", "id").OnDelete(System.Data.Rule.Cascade)
            .WithColumn("canonical_chat").AsString(100).NotNullable()
            .WithColumn("remote_jid").AsString(100).NotNullable()
            .WithColumn("name").AsString(255).Nullable()
            .WithColumn("labels").AsString(int.MaxValue).Nullable()
            .WithColumn("unread_messages").AsInt32().NotNullable()
            .WithColumn("is_saved").AsBoolean().NotNullable()
            .WithColumn("last_message_seq").AsInt64().Nullable()
            .WithColumn("last_message_at").AsInt64().Nullable()
            .WithColumn("created_at").AsInt64().NotNullable()
            .WithColumn("updated_at").AsInt64().NotNullable();
        Create.Index("ux_chats_chat").OnTable("chats")
            .OnColumn("instance_id").Ascending().OnColumn("canonical_chat").Ascending().WithOptions().Unique();
        Create.Index("ix_chats_recent").OnTable("chats")
            .OnColumn("instance_id").Ascending().OnColumn("last_message_at").Ascending();

        Create.Table("contacts")
            .WithColumn("id").AsString(25).PrimaryKey()
            .WithColumn("instance_id").AsString(36).NotNullable()
            .ForeignKey("fk_contacts_instance", "instances", "id").OnDelete(System.Data.Rule.Cascade)
            .WithColumn("canonical_jid").AsString(100).NotNullable()
            .WithColumn("remote_jid").AsString(100).NotNullable()
            .WithColumn("push_name").AsString(255).Nullable()
            .WithColumn("profile_pic_url").AsString(2000).Nullable()
            .WithColumn("created_at").AsInt64().NotNullable()
            .WithColumn("updated_at").AsInt64().NotNullable();
        Create.Index("ux_contacts_person").OnTable("contacts")
            .OnColumn("instance_id").Ascending().OnColumn("canonical_jid").Ascending().WithOptions().Unique();
    }
}
