using FluentMigrator;

namespace Evolution.Storage.Migrations;

/// <summary>Votes on polls, the newest of each person.</summary>
[Migration(Number, "poll votes")]
public sealed class PollVotes : Migration
{
    internal const long Number = 2;

    /// <inheritdoc/>
    public override void Up()
    {
        Create.Table("poll_votes")
            .WithColumn("message_id").AsString(25).PrimaryKey()
            .ForeignKey("fk_poll_votes_message", "messages", "id").OnDelete(System.Data.Rule.Cascade)
            .WithColumn("canonical_voter").AsString(100).PrimaryKey()
            .WithColumn("instance_id").AsString(36).NotNullable()
            .ForeignKey("fk_poll_votes_instance", "instances", "id").OnDelete(System.Data.Rule.Cascade)
            .WithColumn("voter").AsString(100).NotNullable()
            .WithColumn("options").AsString(int.MaxValue).NotNullable()
            .WithColumn("voted_at").AsInt64().NotNullable();
        Create.Index("ix_poll_votes_voter").OnTable("poll_votes")
            .OnColumn("instance_id").Ascending().OnColumn("canonical_voter").Ascending();
    }

    /// <inheritdoc/>
    public override void Down() => Delete.Table("poll_votes");
}
