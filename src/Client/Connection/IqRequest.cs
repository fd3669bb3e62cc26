using Evolution.Protocol.Nodes;

namespace Evolution.Client.Connection;

/// <summary>One kind of request: how it is built and how its reply is read. Pure; <see cref="StanzaChannelExtensions.RequestAsync"/> sends it.</summary>
internal abstract class IqRequest<TReply>
{
    /// <summary>The request as a stanza.</summary>
    public abstract Node Build(string id);

    /// <summary>Reads the result.</summary>
    /// <exception cref="FormatException">The reply lacks what it must have.</exception>
    public abstract TReply Read(Node reply);
}
