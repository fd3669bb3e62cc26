using System.Security.Cryptography;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Phones;

/// <summary>What a person shows of himself: name, about line and picture.</summary>
public sealed class PhoneProfile
{
    private readonly SimulatedWorld _world;
    private readonly Phone _phone;

    internal PhoneProfile(SimulatedWorld world, Phone phone) => (_world, _phone) = (world, phone);

    /// <summary>The about line.</summary>
    public string About => Settings.About;

    /// <summary>Address of the picture on the media host; null when there is none.</summary>
    public string? PictureUrl => Settings.Picture is { } picture ? $"https://{_world.MediaHostName}{picture.Path}" : null;

    private AccountSettings Settings => _phone.Account.Settings;

    /// <summary>Changes what is given. The name goes with the next message; about line and picture are told to the companions of acquaintances.</summary>
    /// <param name="picture">The new picture's bytes; empty takes the picture away; null leaves it.</param>
    public async Task ChangeAsync(string? name, string? about, byte[]? picture)
    {
        var account = _phone.Account;
        var writes = new Writes();
        if (name is not null)
            account.Name = name;
        if (about is not null)
        {
            Settings.About = about;
            Settings.AboutChangedAt = _world.Time.GetUtcNow();
            Announce(writes, "status", new Node("set", null, about));
        }

        if (picture is not null)
        {
            Settings.Picture = picture.Length == 0 ? null : new ProfilePicture(RandomNumberGenerator.GetInt32(100_000_000, int.MaxValue).ToString(), _world.Media.KeepPicture(writes, picture));
            Announce(writes, "picture", new Node(picture.Length == 0 ? "delete" : "set", new NodeAttributes
            {
                { "jid", account.PhoneJid }, { "id", Settings.Picture?.Id }, { "author", account.PhoneJid },
            }));
        }

        AccountRows.Save(writes, account);
        await _world.Store.CommitAsync(writes).ConfigureAwait(false);
    }

    /// <summary>Makes the account one of a business, or changes what it shows.</summary>
    /// <param name="business">null makes it a person's again.</param>
    public async Task ShowBusinessAsync(BusinessProfile? business)
    {
        Settings.Business = business;
        var writes = new Writes();
        AccountRows.Save(writes, _phone.Account);
        await _world.Store.CommitAsync(writes).ConfigureAwait(false);
    }

    // Source: whatsmeow notification.go, handlePictureNotification and handleStatusNotification.
    private void Announce(Writes writes, string type, Node body)
    {
        var account = _phone.Account;
        foreach (var companion in _world.Groups.Acquaintances(account, _world.Directory).Append(account).SelectMany(person => person.Companions()))
        {
            _world.Mail.Deliver(writes, companion, new Node("notification", new NodeAttributes
            {
                { "from", account.PhoneJid }, { "type", type }, { "id", _world.NewStanzaId() }, { "t", _world.UnixNow().ToString() },
            }, [body]));
        }
    }
}
