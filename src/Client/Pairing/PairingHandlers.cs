using Evolution.Client.Connection;
using Evolution.Client.Dispatch;
using Evolution.Client.Stores;
using Evolution.Protocol.Pairing;

namespace Evolution.Client.Pairing;

/// <summary>What the server sends to an unregistered connection.</summary>
internal static class PairingHandlers
{
    public static IEnumerable<IStanzaHandler> Create(ClientContext context, PairingFlow flow, WhatsAppConnection connection) =>
    [
        new PairDevice(flow),
        new PairSuccess(context, flow, connection),
        new LinkCode(context, flow, connection),
        new Passkey(context),
    ];

    private sealed class PairDevice(PairingFlow flow) : IStanzaHandler
    {
        public string Tag => "iq";

        public string Type => "pair-device";

        public ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
        {
            var references = stanza.Node.Child("pair-device")!.ChildrenOf("ref").Select(r => r.Text).OfType<string>().ToList();
            stanza.Reply(ConnectionStanzas.Result(stanza.Node));
            stanza.AfterCommit(_ =>
            {
                flow.Offer(references);
                return ValueTask.CompletedTask;
            });
            return ValueTask.CompletedTask;
        }
    }

    private sealed class PairSuccess(ClientContext context, PairingFlow flow, WhatsAppConnection connection) : IStanzaHandler
    {
        public string Tag => "iq";

        public string Type => "pair-success";

        public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
        {
            context.Clock.Observe(stanza.Node.TimeOf("t"));
            try
            {
                // The identity is stored before our signature leaves: otherwise a crash would leave the phone with a device that nobody is.
                stanza.Reply(await flow.CompleteAsync(stanza.Node, ct).ConfigureAwait(false));
                stanza.AlsoSend(ConnectionStanzas.UnifiedSession(context.Clock.Now));
            }
            catch (PairingException e)
            {
                Refuse(stanza, e.StatusCode, e.Text);
            }
            catch (FormatException)
            {
                Refuse(stanza, 500, "internal-error");
            }
        }

        private void Refuse(Stanza stanza, int code, string text)
        {
            stanza.Reply(PairingStanzas.Refuse(stanza.Node, code, text));
            stanza.AfterCommit(_ =>
            {
                connection.Close(ConnectionEnd.Closed($"pairing was refused: {text}"));
                return ValueTask.CompletedTask;
            });
        }
    }

    private sealed class LinkCode(ClientContext context, PairingFlow flow, WhatsAppConnection connection) : IStanzaHandler
    {
        public string Tag => "notification";

        public string Type => "link_code_companion_reg";

        public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
        {
            var hello = stanza.Node.Child("link_code_companion_reg");
            if (hello is null || await flow.FinishCodeAsync(hello, ct).ConfigureAwait(false) is not { } finish)
                return;
            stanza.AfterCommit(_ =>
            {
                // Not awaited in the lane: the server's next stanza, pair-success, must not wait behind it.
                context.Background.TryRun("companion finish", cancel => connection.QueryAsync(finish, null, cancel));
                return ValueTask.CompletedTask;
            });
        }
    }

    private sealed class Passkey(ClientContext context) : IStanzaHandler
    {
        public string Tag => "notification";

        public string Type => "passkey_prologue_request";

        public ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
        {
            var options = stanza.Node.Children.Count > 0 ? stanza.Node.Children[0].Text : stanza.Node.Text;
            return context.Handler(new PasskeyRequested(options ?? ""), writes, ct);
        }
    }
}
