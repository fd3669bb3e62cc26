using Evolution.Protocol.Nodes;

namespace Evolution.Simulator.Faults;

/// <summary>Answers that hand out keys, as if the one-time keys had run out.</summary>
internal static class Bundles
{
    /// <summary>Whether this is such an answer.</summary>
    public static bool Has(Node node) => node.Tag == "iq" && node["type"] == "result" && Users(node).Any(user => user.Child("skey") is not null);

    public static bool HasOneTimeKeys(Node node) => Has(node) && Users(node).Any(user => user.Child("key") is not null);

    public static Node WithoutOneTimeKeys(Node iq) => new("iq", iq.Attributes, [.. iq.Children.Select(list => list.Tag != "list"
        ? list
        : new Node("list", list.Attributes, [.. list.Children.Select(user => user.Tag != "user" || user.Children.Count == 0
            ? user
            : new Node("user", user.Attributes, [.. user.Children.Where(child => child.Tag != "key")]))]))]);

    private static IEnumerable<Node> Users(Node iq) => iq.Child("list")?.ChildrenOf("user") ?? [];
}
