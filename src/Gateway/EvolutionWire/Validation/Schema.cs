using System.Text.RegularExpressions;

namespace Evolution.Gateway.EvolutionWire.Validation;

/// <summary>
/// What a request body must look like. Keywords are checked in the order in which they are added here, and properties in the order in which they
/// are listed: that is the order in which Evolution reports errors.
/// </summary>
internal sealed class Schema
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);
    private readonly List<Keyword> keywords = [];

    public static Schema String => new Schema().Type("string");

    public static Schema Boolean => new Schema().Type("boolean");

    public static Schema Number => new Schema().Type("number");

    public static Schema Integer => new Schema().Type("integer");

    public static Schema Object => new Schema().Type("object");

    public static Schema Array => new Schema().Type("array");

    /// <summary>Replaces the generated text of every failure of this schema; null keeps the generated ones.</summary>
    public string? FailureText { get; private set; }

    public IReadOnlyList<Keyword> Keywords => keywords;

    public Schema Message(string text)
    {
        FailureText = text;
        return this;
    }

    /// <param name="name">string, boolean, number, integer, object or array.</param>
    public Schema Type(string name) => Add(new TypeKeyword(name));

    /// <param name="values">Allowed values as they stand in JSON without quotes.</param>
    public Schema Enum(params string[] values) => Add(new EnumKeyword(values));

    /// <summary>Adds values to those of <see cref="Enum"/> that its failure does not list: Evolution's text names Evolution's values.</summary>
    public Schema OrUnlisted(params string[] values)
    {
        var at = keywords.FindIndex(keyword => keyword is EnumKeyword);
        keywords[at] = (EnumKeyword)keywords[at] with { Unlisted = values };
        return this;
    }

    public Schema Minimum(int value) => Add(new MinimumKeyword(value));

    public Schema Maximum(int value) => Add(new MaximumKeyword(value));

    public Schema MinLength(int length) => Add(new MinLengthKeyword(length));

    /// <param name="pattern">An ECMAScript regular expression; it needs to match anywhere unless anchored.</param>
    public Schema Pattern(string pattern) =>
        Add(new PatternKeyword(pattern, new Regex(pattern, RegexOptions.ECMAScript, PatternTimeout)));

    public Schema MinItems(int count) => Add(new MinItemsKeyword(count));

    public Schema MaxItems(int count) => Add(new MaxItemsKeyword(count));

    public Schema UniqueItems() => Add(new UniqueItemsKeyword());

    public Schema Required(params string[] names) => Add(new RequiredKeyword(names));

    public Schema Items(Schema schema) => Add(new ItemsKeyword(schema));

    public Schema Properties(params (string Name, Schema Schema)[] properties) => Add(new PropertiesKeyword(properties));

    /// <summary>
    /// When every key of the object is one of <paramref name="names"/>, the properties of <paramref name="then"/> are checked too. One foreign key
    /// switches the whole rule off; clients rely on that.
    /// </summary>
    public Schema WhenOnly(string[] names, params (string Name, Schema Schema)[] then) =>
        Add(new WhenOnlyKeyword(names, new Schema().Properties(then)));

    /// <summary>Evolution's usual <see cref="WhenOnly"/>: none of <paramref name="names"/> may be an empty text.</summary>
    public Schema NotEmpty(params string[] names) =>
        WhenOnly(names, [.. names.Select(name => (name, new Schema().MinLength(1).Message($"The \"{name}\" cannot be empty")))]);

    private Schema Add(Keyword keyword)
    {
        keywords.Add(keyword);
        return this;
    }
}
