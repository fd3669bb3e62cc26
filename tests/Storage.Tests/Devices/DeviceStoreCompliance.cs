using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using static Evolution.Storage.Tests.Devices.DeviceSets;

namespace Evolution.Storage.Tests.Devices;

/// <summary>What every device store must do; each implementation runs it.</summary>
public abstract class DeviceStoreCompliance
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract ValueTask<IDeviceStore> OpenStoreAsync();

    [Fact]
    public async Task A_new_store_is_empty()
    {
        var store = await OpenStoreAsync();
        Assert.Null(await store.LoadCredentialsAsync(Ct));
        Assert.Empty(await store.LoadSessionsAsync([Address], Ct));
        Assert.Empty(await store.LoadIdentitiesAsync([Address], Ct));
        Assert.Empty(await store.LoadPreKeysAsync([5], Ct));
        Assert.Null(await store.LoadSignedPreKeyAsync(1, Ct));
        Assert.Null(await store.LoadSenderKeyAsync(SenderKey, Ct));
        Assert.Empty(await store.LoadSenderKeyRecipientsAsync(Group, Ct));
        Assert.Empty(await store.LoadLidsAsync([Phone], Ct));
        Assert.Empty(await store.LoadPhonesAsync([Lid], Ct));
        Assert.Empty(await store.LoadDeviceListsAsync([Lid], Ct));
        Assert.Empty(await store.LoadTrustedContactTokensAsync([Lid], Ct));
        Assert.Null(await store.LoadAppStateKeyAsync(new byte[] { 1 }, Ct));
        Assert.Null(await store.LoadLatestAppStateKeyAsync(Ct));
        Assert.Null(await store.LoadSentMessageAsync(Phone, "x", Ct));
        Assert.Empty(await store.LoadUnacknowledgedAsync(At, 10, Ct));
        Assert.Null(await store.LoadRetryAsync(Retry, Ct));
        var inventory = await store.LoadPreKeyInventoryAsync(Ct);
        Assert.Equal(1u, inventory.NextId);
        Assert.Empty(inventory.Unpublished);
    }

    [Fact]
    public async Task Everything_that_was_committed_is_read_back()
    {
        var store = await OpenStoreAsync();
        var writes = Everything();
        await store.CommitAsync(writes, Ct);

        var credentials = await store.LoadCredentialsAsync(Ct);
        Assert.Equal(writes.Credentials!.ToBytes(), credentials!.ToBytes());
        Assert.Equal([1, 2, 3], (await store.LoadSessionsAsync([Address, new SignalAddress("other", 0)], Ct))[Address]);
        Assert.Equal([4, 5, 6], (await store.LoadIdentitiesAsync([Address], Ct))[Address]);
        Assert.Equal([Address], await store.FindSessionsAsync(Address.Name, Ct));
        Assert.Equal(Key.PublicKey.ToArray(), (await store.LoadPreKeysAsync([5, 6], Ct))[5].KeyPair.PublicKey.ToArray());
        var inventory = await store.LoadPreKeyInventoryAsync(Ct);
        Assert.Equal(77u, inventory.NextId);
        Assert.Equal([5u], inventory.Unpublished);
        Assert.Equal(writes.SignedPreKeys[0].Signature.ToArray(), (await store.LoadSignedPreKeyAsync(2, Ct))!.Signature.ToArray());
        Assert.Equal(credentials.SignedPreKey.Signature.ToArray(), (await store.LoadSignedPreKeyAsync(1, Ct))!.Signature.ToArray());
        Assert.Equal([7, 8], await store.LoadSenderKeyAsync(SenderKey, Ct));
        Assert.Equal(
            new Dictionary<Jid, bool> { [Phone.WithDevice(2)] = true, [Lid] = true }.OrderBy(pair => pair.Key.User),
            (await store.LoadSenderKeyRecipientsAsync(Group, Ct)).OrderBy(pair => pair.Key.User));
        Assert.Equal(Lid, (await store.LoadLidsAsync([Phone], Ct))[Phone]);
        Assert.Equal(Phone, (await store.LoadPhonesAsync([Lid], Ct))[Lid]);
        var list = (await store.LoadDeviceListsAsync([Lid], Ct))[Lid];
        Assert.Equal(writes.DeviceLists[Lid]!.Devices, list.Devices);
        Assert.Equal((At, "2:abc"), (list.FetchedAt, list.Hash));
        var token = (await store.LoadTrustedContactTokensAsync([Lid], Ct))[Lid];
        Assert.Equal([1, 9], token.Token);
        Assert.Equal((At, (DateTimeOffset?)null), (token.Timestamp, token.IssuedAt));
        var appKey = await store.LoadAppStateKeyAsync(new byte[] { 0, 1 }, Ct);
        Assert.Equal([2, 3], appKey!.Data);
        Assert.Equal(appKey.Id, (await store.LoadLatestAppStateKeyAsync(Ct))!.Id);
        var sent = await store.LoadSentMessageAsync(Phone, "3EB0BB", Ct);
        Assert.Equal([10, 11], sent!.Content);
        Assert.Equal("1", sent.Attributes!["edit"]);
        Assert.Equal([Lid], sent.Readers);
        var retry = await store.LoadRetryAsync(Retry, Ct);
        Assert.Equal((2, At), (retry!.Count, retry.LastAt));
        Assert.Equal([3, 3], retry.BaseKey);
    }

    [Fact]
    public async Task Null_deletes()
    {
        var store = await OpenStoreAsync();
        await store.CommitAsync(Everything(), Ct);
        await store.CommitAsync(
            DeviceSets.Of(w =>
            {
                w.Sessions[Address] = null;
                w.Identities[Address] = null;
                w.SenderKeys[SenderKey] = null;
                w.RenewedSenderKeys.Add(Group);
                w.DeviceLists[Lid] = null;
                w.TrustedContactTokens[Lid] = null;
                w.Retries[Retry] = null;
                w.RemovedPreKeys.Add(5);
            }),
            Ct);
        Assert.Empty(await store.LoadSessionsAsync([Address], Ct));
        Assert.Empty(await store.LoadIdentitiesAsync([Address], Ct));
        Assert.Null(await store.LoadSenderKeyAsync(SenderKey, Ct));
        Assert.Empty(await store.LoadSenderKeyRecipientsAsync(Group, Ct));
        Assert.Empty(await store.LoadDeviceListsAsync([Lid], Ct));
        Assert.Empty(await store.LoadTrustedContactTokensAsync([Lid], Ct));
        Assert.Null(await store.LoadRetryAsync(Retry, Ct));
        Assert.Empty(await store.LoadPreKeysAsync([5], Ct));
    }

    [Fact]
    public async Task Who_was_given_a_sender_key_adds_up_until_the_key_is_a_new_one()
    {
        var store = await OpenStoreAsync();
        await store.CommitAsync(DeviceSets.Of(w => w.SenderKeyRecipients[Group] = new HashSet<Jid> { Phone }), Ct);
        await store.CommitAsync(DeviceSets.Of(w => w.SenderKeyRecipients[Group] = new HashSet<Jid> { Lid }), Ct);
        Assert.Equal(2, (await store.LoadSenderKeyRecipientsAsync(Group, Ct)).Count);

        await store.CommitAsync(
            DeviceSets.Of(w =>
            {
                w.RenewedSenderKeys.Add(Group);
                w.SenderKeyRecipients[Group] = new HashSet<Jid> { Lid };
            }),
            Ct);

        Assert.Equal([Lid], (await store.LoadSenderKeyRecipientsAsync(Group, Ct)).Keys);
    }

    [Fact]
    public async Task A_device_that_lost_its_keys_has_none_of_them_in_any_group_until_it_is_given_them_again()
    {
        var store = await OpenStoreAsync();
        var second = Jid.Parse("120363000000000002@g.us");
        foreach (var group in new[] { Group, second })
            await store.CommitAsync(DeviceSets.Of(w => w.SenderKeyRecipients[group] = new HashSet<Jid> { Phone, Lid }), Ct);

        await store.CommitAsync(DeviceSets.Of(w => w.LostSenderKeys.Add(Phone)), Ct);

        foreach (var group in new[] { Group, second })
        {
            var recipients = await store.LoadSenderKeyRecipientsAsync(group, Ct);
            Assert.Equal((false, true), (recipients[Phone], recipients[Lid]));
        }

        await store.CommitAsync(DeviceSets.Of(w => w.SenderKeyRecipients[Group] = new HashSet<Jid> { Phone }), Ct);
        Assert.True((await store.LoadSenderKeyRecipientsAsync(Group, Ct))[Phone]);
        Assert.False((await store.LoadSenderKeyRecipientsAsync(second, Ct))[Phone]);
    }

    [Fact]
    public async Task The_next_pre_key_id_only_rises()
    {
        var store = await OpenStoreAsync();
        await store.CommitAsync(DeviceSets.Of(w => w.NextPreKeyId = 40), Ct);
        await store.CommitAsync(DeviceSets.Of(w => w.NextPreKeyId = 30), Ct);
        await store.CommitAsync(DeviceSets.Of(w => w.Credentials = DeviceCredentials.Create(At)), Ct);
        Assert.Equal(40u, (await store.LoadPreKeyInventoryAsync(Ct)).NextId);
    }

    [Fact]
    public async Task Published_pre_keys_stay_readable_but_are_not_offered_again()
    {
        var store = await OpenStoreAsync();
        await store.CommitAsync(Everything(), Ct);
        await store.CommitAsync(DeviceSets.Of(w => w.PublishedPreKeys.Add(5)), Ct);
        Assert.Empty((await store.LoadPreKeyInventoryAsync(Ct)).Unpublished);
        Assert.Single(await store.LoadPreKeysAsync([5], Ct));
    }

    [Fact]
    public async Task A_later_mapping_of_either_address_replaces_the_earlier()
    {
        var store = await OpenStoreAsync();
        var otherLid = Jid.ForLid("999888777666555");
        var otherPhone = Jid.ForPhone("5511999990002");
        await store.CommitAsync(DeviceSets.Of(w => w.AddressMappings.Add(new AddressMapping(Phone, Lid))), Ct);
        await store.CommitAsync(DeviceSets.Of(w => w.AddressMappings.Add(new AddressMapping(Phone, otherLid))), Ct);
        Assert.Equal(otherLid, (await store.LoadLidsAsync([Phone], Ct))[Phone]);
        Assert.Empty(await store.LoadPhonesAsync([Lid], Ct));

        await store.CommitAsync(DeviceSets.Of(w => w.AddressMappings.Add(new AddressMapping(otherPhone, otherLid))), Ct);
        Assert.Empty(await store.LoadLidsAsync([Phone], Ct));
        Assert.Equal(otherPhone, (await store.LoadPhonesAsync([otherLid], Ct))[otherLid]);
    }

    [Fact]
    public async Task Unacknowledged_messages_come_oldest_first_and_leave_with_their_ack()
    {
        var store = await OpenStoreAsync();
        await store.CommitAsync(
            DeviceSets.Of(w =>
            {
                foreach (var i in new[] { 3, 1, 2, 0 })
                    w.SentMessages.Add(new SentMessage(Phone, "m" + i, [1], At.AddSeconds(i)));
            }),
            Ct);
        await store.CommitAsync(
            DeviceSets.Of(w =>
            {
                w.AcknowledgedMessages.Add(new SentMessageKey(Phone, "m2"));
                w.AcknowledgedMessages.Add(new SentMessageKey(Phone, "unknown"));
            }),
            Ct);
        Assert.Equal(["m1", "m3"], (await store.LoadUnacknowledgedAsync(At.AddSeconds(1), 10, Ct)).Select(m => m.Id));
        Assert.Equal(["m1"], (await store.LoadUnacknowledgedAsync(At.AddSeconds(1), 1, Ct)).Select(m => m.Id));
        Assert.True((await store.LoadSentMessageAsync(Phone, "m2", Ct))!.Acknowledged);
    }

    [Theory]
    [InlineData(DeviceReset.Wipe)]
    [InlineData(DeviceReset.Archive)]
    public async Task A_reset_leaves_nothing_and_comes_before_the_rest_of_its_set(DeviceReset reset)
    {
        var store = await OpenStoreAsync();
        await store.CommitAsync(Everything(), Ct);
        var other = new SignalAddress("5511999990009", 0);
        await store.CommitAsync(
            DeviceSets.Of(w =>
            {
                w.Reset = reset;
                w.Sessions[other] = [5];
            }),
            Ct);
        Assert.Null(await store.LoadCredentialsAsync(Ct));
        Assert.Empty(await store.LoadSessionsAsync([Address], Ct));
        Assert.Empty(await store.LoadIdentitiesAsync([Address], Ct));
        Assert.Null(await store.LoadSenderKeyAsync(SenderKey, Ct));
        Assert.Empty(await store.LoadLidsAsync([Phone], Ct));
        Assert.Null(await store.LoadSentMessageAsync(Phone, "3EB0BB", Ct));
        Assert.Null(await store.LoadLatestAppStateKeyAsync(Ct));
        Assert.Equal(1u, (await store.LoadPreKeyInventoryAsync(Ct)).NextId);
        Assert.Single(await store.LoadSessionsAsync([other], Ct));
    }

    [Fact]
    public async Task An_unknown_attached_write_is_refused_with_its_whole_set()
    {
        var store = await OpenStoreAsync();
        var writes = Everything();
        writes.Attached.Add(new UnknownWrite());
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.CommitAsync(writes, Ct));
        Assert.Empty(await store.LoadSessionsAsync([Address], Ct));
        Assert.Null(await store.LoadCredentialsAsync(Ct));
    }

    private sealed record UnknownWrite : IAttachedWrite;
}
