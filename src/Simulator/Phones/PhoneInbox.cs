using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Relay;
using Evolution.Simulator.Store;
using Google.Protobuf;

namespace Evolution.Simulator.Phones;

/// <summary>
/// Empties a phone's queue while it is online: decrypts, stores, and sends the delivery receipt, all in one commit with the entries' removal.
/// Runs only while there is something to do.
/// </summary>
internal sealed class PhoneInbox(SimulatedWorld world, Phone phone)
{
    private const int Batch = 64;
    private const int MaxRetries = 5;
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Device _own = phone.Device;
    private int _running;

    public DeliveryQueue.Feed Feed => new(Wake, world.Mail.Read);

    /// <summary>Starts the work unless it runs.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _running, 1) == 0)
            world.Background.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        do
        {
            var batch = new List<QueuedStanza>();
            while (Take(batch))
                await HandleAsync(batch).ConfigureAwait(false);
            Volatile.Write(ref _running, 0);
        }
        while (_own.Queue.HasNext(this) && Interlocked.Exchange(ref _running, 1) == 0);
    }

    private bool Take(List<QueuedStanza> batch)
    {
        batch.Clear();
        while (batch.Count < Batch && _own.Queue.Next(this) is { } entry)
            batch.Add(entry);
        return batch.Count > 0;
    }

    private async Task HandleAsync(List<QueuedStanza> batch)
    {
        var writes = new Writes();
        Task committed;
        await phone.Cipher.Gate.WaitAsync(world.Stopping).ConfigureAwait(false);
        try
        {
            foreach (var entry in batch)
            {
                Handle(writes, entry.Node);
                world.Mail.Forget(writes, entry);
                writes.AfterCommit(() => _own.Queue.Settle(entry));
            }

            committed = await world.Store.SubmitAsync(writes).ConfigureAwait(false);
        }
        finally
        {
            phone.Cipher.Gate.Release();
        }

        try
        {
            await committed.ConfigureAwait(false);
        }
        catch (Microsoft.Data.Sqlite.SqliteException e)
        {
            // Nothing of the batch happened; the phone forgets what it thinks it knows and gets the stanzas again.
            SimulatorLog.PhoneFailed(world.Log, e);
            await phone.Cipher.Gate.WaitAsync(world.Stopping).ConfigureAwait(false);
            phone.Cipher.Evict();
            phone.Cipher.Gate.Release();
            await Task.Delay(s_pauseAfterFailure, world.Time, world.Stopping).ConfigureAwait(false);
            if (phone.Online)
                _own.Queue.Attach(this, Feed);
        }
    }

    private void Handle(Writes writes, Node node)
    {
        if (node.JidOf("from") is not { } from)
            return;
        // In a group and in a status the sender stands beside the chat.
        if (world.Directory.FindDevice(node.JidOf("participant") ?? from) is not { } sender)
            return;
        switch (node.Tag)
        {
            case "message":
                HandleMessage(writes, node, from, sender);
                break;
            case "receipt" when node["type"] == "retry":
                phone.Outbox.AnswerRetry(writes, sender, node);
                break;
            case "receipt" when node["type"] == "server-error":
                phone.Reuploads.Answer(writes, sender, node);
                break;
            case "receipt" when node["type"] != "sender":
                // "sender" tells that a companion has what this phone sent: nothing the person sees.
                HandleReceipt(writes, node);
                break;
        }
    }

    private void HandleMessage(Writes writes, Node node, Jid from, Device sender)
    {
        var id = node["id"]!;
        var encs = node.ChildrenOf("enc").ToList();
        if (encs.Count == 0)
        {
            world.Violations.Report("bad-message", "A message to a phone has no enc.", sender.PhoneJid, id);
            return;
        }

        var content = new Message();
        foreach (var enc in encs)
        {
            try
            {
                content.MergeFrom(Decrypt(writes, from, sender, enc));
            }
            catch (SignalException e) when (e.Error == SignalError.DuplicateMessage)
            {
                world.Violations.Report("message-repeated", "A message was encrypted with a key that had been used.", sender.PhoneJid, id);
                return;
            }
            catch (SignalException e)
            {
                Retry(writes, node, sender, enc, e);
                return;
            }
            catch (Exception e) when (e is InvalidProtocolBufferException or FormatException)
            {
                world.Violations.Report("bad-plaintext", "What was decrypted is no padded Message: " + e.Message, sender.PhoneJid, id);
                return;
            }
        }

        if (from.IsUser)
            Accept(writes, node, from, sender, content);
        else
            AcceptInGroup(writes, node, from, sender, content);
    }

    private Message Decrypt(Writes writes, Jid chat, Device sender, Node enc)
    {
        if (enc["type"] == "skmsg")
            return Message.Parser.ParseFrom(MessagePadding.Unpad(phone.Cipher.SenderKeys.Decrypt(writes, chat.ToString(), sender, enc.Bytes.Span)).Span);
        var message = Message.Parser.ParseFrom(phone.Cipher.Decrypt(writes, sender, enc));
        if ((message.DeviceSentMessage?.Message ?? message).SenderKeyDistributionMessage is { } given && !chat.IsUser)
            phone.Cipher.SenderKeys.Receive(writes, chat.ToString(), sender, given.AxolotlSenderKeyDistributionMessage.Span);
        return message;
    }

    private void AcceptInGroup(Writes writes, Node node, Jid chat, Device sender, Message content)
    {
        var id = node["id"]!;
        content = content.DeviceSentMessage?.Message ?? content;
        content.SenderKeyDistributionMessage = null;
        if (content.CalculateSize() == 0)
            return;
        phone.Messages.Add(writes, id, chat.ToString(), sender.Account.Number, sender.Number, node.TimeOf("t") ?? world.Time.GetUtcNow(), content);
        var author = node.JidOf("participant")!.Value;
        if (sender.Account == _own.Account)
            phone.Outbox.Receipt(writes, chat, "sender", [id], author);
        else
            phone.Outbox.Receipt(writes, chat, null, [id], author.ToUser());
    }

    private void Accept(Writes writes, Node node, Jid from, Device sender, Message content)
    {
        var id = node["id"]!;
        var number = _own.Account.Number;
        if (node["category"] == "peer")
        {
            if (sender.Account == _own.Account)
                phone.Peers.Answer(writes, sender, content);
            return;
        }

        var at = node.TimeOf("t") ?? world.Time.GetUtcNow();
        if (sender.Account != _own.Account)
        {
            if (content.DeviceSentMessage is not null)
            {
                world.Violations.Report("stray-device-sent-message", "A DeviceSentMessage went to somebody else's phone.", sender.PhoneJid, id);
                return;
            }

            phone.Messages.Add(writes, id, sender.Account.Number, sender.Account.Number, sender.Number, at, content);
            phone.Outbox.Receipt(writes, from.ToUser(), null, [id]);
            return;
        }

        if (content.DeviceSentMessage is not { } sent || !Jid.TryParse(sent.DestinationJid, out var destination))
        {
            world.Violations.Report("device-sent-message-missing", "A message to the own phone is no DeviceSentMessage.", sender.PhoneJid, id);
            return;
        }

        var chat = world.Directory.Find(destination)?.Number ?? destination.User;
        if (node.JidOf("recipient") is { } recipient && world.Directory.Find(recipient)?.Number != chat)
            world.Violations.Report("device-sent-message-elsewhere", "A DeviceSentMessage names another chat than its stanza.", sender.PhoneJid, id);
        phone.Messages.Add(writes, id, chat, number, sender.Number, at, sent.Message);
        phone.Outbox.Receipt(writes, from, "sender", [id], chat: destination);
    }

    private void HandleReceipt(Writes writes, Node node)
    {
        var at = node.TimeOf("t") ?? world.Time.GetUtcNow();
        phone.Messages.Mark(writes, node["id"]!, node["type"], at);
        foreach (var item in node.Child("list")?.ChildrenOf("item") ?? [])
            phone.Messages.Mark(writes, item["id"]!, node["type"], at);
    }

    private void Retry(Writes writes, Node node, Device sender, Node enc, SignalException error)
    {
        var count = (int)(enc.LongOf("count") ?? 0) + 1;
        SimulatorLog.Undecryptable(world.Log, node["id"]!, error.Error.ToString(), count);
        phone.CountUndecryptable();
        if (count <= MaxRetries)
            phone.Outbox.AskRetry(writes, node, count, error.Error, phone.Keys);
        else
            world.Violations.Report("undecryptable", $"A message could not be read after {MaxRetries} retries: {error.Error}.", sender.PhoneJid, node["id"]);
    }
}
