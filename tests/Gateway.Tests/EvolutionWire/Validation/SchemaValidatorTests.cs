using System.Text.Json;
using Evolution.Gateway.EvolutionWire.Validation;

namespace Evolution.Gateway.Tests.EvolutionWire.Validation;

public sealed class SchemaValidatorTests
{
    [Fact]
    public void The_root_is_called_instance_and_deeper_paths_have_no_prefix()
    {
        var schema = Schema.Object
            .Properties(("quoted", new Schema().Properties(("key", Schema.Object.Required("id")))))
            .Required("number");

        Assert.Equal(["quoted.key requires property \"id\"", "instance requires property \"number\""], Check(schema, """{"quoted":{"key":{}}}"""));
    }

    [Fact]
    public void A_wrong_type_does_not_silence_the_other_keywords()
    {
        var schema = Schema.Object.Properties(("presence", Schema.String.Enum("available", "paused")));

        Assert.Equal(["presence is not of a type(s) string", "presence is not one of enum values: available,paused"], Check(schema, """{"presence":5}"""));
    }

    [Fact]
    public void A_text_of_its_own_replaces_each_failure_so_two_give_it_twice()
    {
        var schema = Schema.Object.Properties(("mentioned", Schema.Array.Items(Schema.String.Pattern("^\\d+").MinLength(3).Message("numbers only"))));

        Assert.Equal(["numbers only", "numbers only"], Check(schema, """{"mentioned":["ab"]}"""));
    }

    [Fact]
    public void A_pattern_is_shown_with_doubled_backslashes()
    {
        var schema = Schema.Object.Properties(("groupJid", Schema.String.Pattern("^[\\d-]+@g.us$")));

        Assert.Equal(["groupJid does not match pattern \"^[\\\\d-]+@g.us$\""], Check(schema, """{"groupJid":"x"}"""));
    }

    [Fact]
    public void Lists_are_checked_for_length_duplicates_and_each_element()
    {
        var schema = Schema.Object.Properties(("rows", Schema.Array.MinItems(4).UniqueItems().Items(Schema.Object.Required("id"))));

        Assert.Equal(
            ["rows does not meet minimum length of 4", "rows contains duplicate item", "rows[1] requires property \"id\""],
            Check(schema, """{"rows":[{"id":1,"b":2},{"b":2,"a":1},{"b":2.0,"id":1}]}"""));
    }

    [Theory]
    [InlineData("""{"a":1.0}""", true)]
    [InlineData("""{"a":1.5}""", false)]
    [InlineData("""{"a":null}""", false)]
    [InlineData("{}", true)]
    public void An_integer_may_be_written_with_a_fraction_of_zero_and_null_is_no_number(string body, bool isFine) =>
        Assert.Equal(isFine, Check(Schema.Object.Properties(("a", new Schema().Type("integer"))), body).Count == 0);

    [Theory]
    [InlineData("""{"url":""}""", 1)]
    [InlineData("""{"url":"","foreign":1}""", 0)]
    [InlineData("{}", 0)]
    public void Emptiness_is_looked_at_only_when_every_key_is_listed(string body, int failures) =>
        Assert.Equal(failures, Check(Schema.Object.NotEmpty("enabled", "url"), body).Count);

    [Fact]
    public void Keywords_skip_values_of_other_kinds()
    {
        var schema = Schema.Object.Properties(("a", new Schema().MinLength(1).MinItems(1).UniqueItems().Required("x").Items(Schema.String)));

        Assert.Empty(Check(schema, """{"a":5}"""));
    }

    private static IReadOnlyList<string> Check(Schema schema, string body)
    {
        using var document = JsonDocument.Parse(body);
        return SchemaValidator.Validate(schema, document.RootElement);
    }
}
