using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Iq;

/// <summary>One request: who asks, the iq and its first child.</summary>
internal readonly record struct IqCall(ServerConnection Connection, Device Device, Node Iq)
{
    /// <summary>The child that says what is asked; an empty node when there is none.</summary>
    public Node Body => Iq.Children.Count > 0 ? Iq.Children[0] : new Node("");
}

/// <summary>Answers one kind of request; null when it has answered by itself.</summary>
internal delegate ValueTask<Node?> IqHandler(IqCall call);

/// <summary>Namespace, type and first child lead to the handler. What is not in the table is refused and noted.</summary>
internal sealed class IqTable
{
    private readonly Dictionary<(string Namespace, string Type, string Child), IqHandler> _rows = [];
    private readonly SimulatedWorld _world;

    public IqTable(SimulatedWorld world)
    {
        _world = world;
        new EncryptIqs(world).AddTo(this);
        new UsyncIqs(world).AddTo(this);
        new PrivacyIqs(world).AddTo(this);
        new ProfileIqs(world).AddTo(this);
        new DeviceIqs(world).AddTo(this);
        new AppStateIqs(world).AddTo(this);
        new GroupIqs(world).AddTo(this);
        new MiscIqs(world).AddTo(this);
    }

    /// <param name="child">Tag of the first child; "" for none.</param>
    public void Add(string xmlns, string type, string child, IqHandler handler) => _rows.Add((xmlns, type, child), handler);

    public async ValueTask AnswerAsync(ServerConnection connection, Node iq)
    {
        var child = iq.Children.Count > 0 ? iq.Children[0].Tag : "";
        var key = (iq["xmlns"] ?? "", iq["type"] ?? "", child);
        if (connection.Device is not { } device)
        {
            await AnswerUnpairedAsync(connection, iq, child).ConfigureAwait(false);
            return;
        }

        if (!_rows.TryGetValue(key, out var handler))
        {
            _world.Violations.Report("unknown-iq", $"No answer is known to an iq {key.Item2} of {key.Item1} with the child {child}.", device.PhoneJid, iq["id"]);
            connection.Post(iq.Error(501, "feature-not-implemented"));
            return;
        }

        if (await handler(new IqCall(connection, device, iq)).ConfigureAwait(false) is { } answer)
            connection.Post(answer);
    }

    private async ValueTask AnswerUnpairedAsync(ServerConnection connection, Node iq, string child)
    {
        if (child == "link_code_companion_reg")
        {
            if (await _world.Pairing.LinkCodeStageAsync(connection, iq).ConfigureAwait(false) is { } answer)
                connection.Post(answer);
            return;
        }

        if (iq["xmlns"] == "w:p")
        {
            connection.Post(iq.Result());
            return;
        }

        _world.Violations.Report("not-logged-in", $"An iq with the child {child} came before the login.", null, iq["id"]);
        connection.Post(iq.Error(401, "not-authorized"));
    }
}
