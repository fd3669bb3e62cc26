namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>What is written in a chat.</summary>
internal enum ChatKind
{
    /// <summary>Texts to a person.</summary>
    Text,

    /// <summary>Texts to a group of the gateway's number and one phone.</summary>
    Group,

    /// <summary>Pictures with a text below, to a person.</summary>
    Image,
}
