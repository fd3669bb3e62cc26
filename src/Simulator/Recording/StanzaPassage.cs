using Evolution.Protocol.Nodes;
using Evolution.Simulator.Faults;
using Evolution.Simulator.Load;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Recording;

/// <summary>
/// Where every stanza passes: faults strike, loads count, and what was really on the wire is recorded: from the client before faults, to the
/// client after them.
/// </summary>
internal sealed class StanzaPassage(StanzaRecorder recorder, FaultTable faults, LoadGenerator loads) : IStanzaInterceptor
{
    public async ValueTask<IReadOnlyList<Node>> InterceptAsync(ServerConnection connection, StanzaDirection direction, Node node, CancellationToken ct)
    {
        if (direction == StanzaDirection.In && connection.Device is { } sender)
        {
            recorder.Add(sender.PhoneJid, direction, node);
            loads.Observe(node);
        }

        var passed = await faults.PassAsync(connection, direction, node, ct).ConfigureAwait(false);
        if (direction == StanzaDirection.Out && connection.Device is { } receiver)
        {
            foreach (var sent in passed)
                recorder.Add(receiver.PhoneJid, direction, sent);
        }

        return passed;
    }

    public byte[]? ForgedCertificate(ServerKeys keys) => faults.ForgedCertificate(keys);
}
