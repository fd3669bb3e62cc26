namespace Evolution.Storage.Migrations;

public sealed partial class FirstLight
{
    // No foreign keys: an instance's last events outlive it.
    private void CreateOutbox()
    {
        Create.Table("events")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("public_id").AsString(36).NotNullable()
            .WithColumn("instance_id").AsString(36).NotNullable()
            .WithColumn("instance_name").AsString(255).NotNullable()
            .WithColumn("name").AsString(100).NotNullable()
            .WithColumn("body").AsBinary(int.MaxValue).NotNullable()
            .WithColumn("trace").AsString(255).Nullable()
            .WithColumn("created_at").AsInt64().NotNullable();

        Create.Table("deliveries")
            .WithColumn("subscriber").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("instance_id").AsString(36).NotNullable().PrimaryKey()
            .WithColumn("lane").AsString(100).NotNullable().PrimaryKey()
            .WithColumn("event_id").AsInt64().NotNullable().PrimaryKey()
            .WithColumn("attempts").AsInt32().NotNullable()
            .WithColumn("next_attempt_at").AsInt64().NotNullable()
            .WithColumn("last_error").AsString(int.MaxValue).Nullable();
        Create.Index("ix_deliveries_event").OnTable("deliveries").OnColumn("event_id").Ascending();

        Create.Table("dead_letters")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("event_id").AsInt64().NotNullable().Indexed("ix_dead_letters_event")
            .WithColumn("subscriber").AsString(100).NotNullable()
            .WithColumn("instance_id").AsString(36).NotNullable()
            .WithColumn("lane").AsString(100).NotNullable()
            .WithColumn("attempts").AsInt32().NotNullable()
            .WithColumn("last_error").AsString(int.MaxValue).NotNullable()
            .WithColumn("died_at").AsInt64().NotNullable().Indexed("ix_dead_letters_age");
        Create.Index("ix_dead_letters_instance").OnTable("dead_letters")
            .OnColumn("instance_id").Ascending().OnColumn("id").Ascending();
    }
}
