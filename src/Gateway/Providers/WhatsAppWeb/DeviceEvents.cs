using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Gateway.Instances;
using ConnectionState = Evolution.Client.ConnectionState;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>What the events of an instance's device mean: the account, what can be scanned, and the rows of the same transaction.</summary>
internal sealed class DeviceEvents(
    Instance instance, ConnectionEvents connection, WhatsAppEvents others, WhatsAppWebProvider provider, ShownCode shown, ILogger logger)
{
    /// <summary>The client that the events come from; null before the first.</summary>
    public required Func<WhatsAppClient?> Client { get; init; }

    /// <summary>Asked when a code is shown to somebody who will type one.</summary>
    public required PairingCodes PairingCodes { get; init; }

    /// <summary>Looked at after each login.</summary>
    public required OwnPicture Picture { get; init; }

    public async ValueTask HandleAsync(WhatsAppEvent e, DeviceWriteSet writes, CancellationToken cancellationToken)
    {
        switch (e)
        {
            case ConnectionChanged changed:
                ConnectionChanged(changed.Status, writes);
                break;
            case QrCodeIssued issued:
                QrCodeShown(issued, writes);
                break;
            case PairingCodeIssued code:
                PairingCodeShown(code.Code, writes);
                break;
            case QrCodesExhausted:
                shown.Change(_ => QrCode.None);
                writes.Attached.AddRange(connection.QrCodesExhausted());
                break;
            case Paired paired:
                provider.Account = new OwnAccount(paired.Device.ToUser(), paired.Lid?.ToUser(), paired.PushName);
                writes.Attached.AddRange(ConnectionEvents.Paired(provider.Account));
                break;
            case LoggedOut out_:
                WhatsAppWebLog.LoggedOut(logger, instance.Name, out_.Code, out_.Reason);
                writes.Attached.AddRange(connection.LoggedOut(out_.Code, out_.Reason));
                provider.Account = null;
                Picture.Forget();
                shown.Change(_ => QrCode.None);
                break;
            case PasskeyRequested:
                WhatsAppWebLog.PasskeyAsked(logger, instance.Name);
                break;
            default:
                await others.AddAsync(e, writes, cancellationToken);
                OwnNameSeen(e, writes);
                break;
        }
    }

    private void ConnectionChanged(ConnectionStatus status, DeviceWriteSet writes)
    {
        switch (status.State)
        {
            case ConnectionState.Connecting:
                writes.Attached.AddRange(connection.Connecting());
                break;
            case ConnectionState.Open:
                Opened(writes);
                break;
            case ConnectionState.Closed when status.NextTryAt is { } next:
                WhatsAppWebLog.Reconnecting(logger, instance.Name, status.Reason?.Code, status.Reason?.Text, status.Attempt, next);
                break;
            // Clients take a close for final; our own stop is none.
            case ConnectionState.Closed when status.Reason is { } reason && reason != DisconnectReason.Stopped && provider.Account is not null:
                writes.Attached.AddRange(connection.Closed(reason.Code, reason.Text));
                break;
        }

        shown.Wake();
    }

    private void Opened(DeviceWriteSet writes)
    {
        var client = Client();
        if ((client?.Device?.ToUser() ?? provider.Account?.Phone) is { } phone)
        {
            provider.Account = (provider.Account ?? new OwnAccount(phone, null, null)) with { Phone = phone, Lid = client?.Lid?.ToUser() };
            writes.Attached.AddRange(connection.Open(provider.Account, Picture.Address));
            writes.WhenCommitted(Picture.Look);
        }

        WhatsAppWebLog.StateChanged(logger, instance.Name, "open");
        shown.Change(_ => QrCode.None);
    }

    private void QrCodeShown(QrCodeIssued issued, DeviceWriteSet writes)
    {
        var first = issued.Number == 1;
        if (first && shown.PairingNumber is { } number && Client() is { } running)
        {
            shown.Change(Next);
            // The event waits for the pairing code, so that whoever reads it can show both.
            PairingCodes.Ask(running, number);
            return;
        }

        writes.Attached.AddRange(connection.QrCode(Next(shown.Code)));
        // Not before: who scans at once ends the connection, and what was still to be stored for it would be lost.
        writes.WhenCommitted(() => shown.Change(Next));

        QrCode Next(QrCode before) => new(before.Count + 1, issued.Text, first ? null : before.PairingCode);
    }

    private void PairingCodeShown(string code, DeviceWriteSet writes)
    {
        if (With(shown.Code) is { Text: not null } withCode)
            writes.Attached.AddRange(connection.QrCode(withCode));
        // Not before, as with a QR code: who types at once ends the connection.
        writes.WhenCommitted(() => shown.Change(With));

        QrCode With(QrCode before) => before with { PairingCode = code };
    }

    private void OwnNameSeen(WhatsAppEvent e, DeviceWriteSet writes)
    {
        if (e is not PushNameChanged change || provider.Account is not { } account || (change.User.ToUser() != account.Phone && change.User.ToUser() != account.Lid))
            return;
        provider.Account = account with { PushName = change.Name };
        writes.Attached.AddRange(ConnectionEvents.Named(change.Name));
    }
}
