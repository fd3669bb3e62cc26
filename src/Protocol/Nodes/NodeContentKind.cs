namespace Evolution.Protocol.Nodes;

/// <summary>What a node holds.</summary>
public enum NodeContentKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A list of nodes, possibly empty.</summary>
    Children,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>A text.</summary>
    Text,
}
