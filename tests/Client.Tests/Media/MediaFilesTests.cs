using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Evolution.Client.Media;
using Evolution.Proto;
using Evolution.Protocol.Media;
using Evolution.Simulator;
using Evolution.Simulator.Phones;
using Google.Protobuf;
using Xunit;

namespace Evolution.Client.Tests.Media;

/// <summary>Files between our device and a phone, over the simulator's media host.</summary>
public sealed class MediaFilesTests : IAsyncLifetime
{
    private const string Bob = "5511999990001";
    private const string Alice = "5511999990002";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evolution-files-");
    private readonly byte[] picture = RandomNumberGenerator.GetBytes(300_001);
    private SimulatorHost simulator = null!;
    private HttpClient control = null!;
    private TestDevice device = null!;
    private Phone alice = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Spool => Path.Combine(folder.FullName, "spool");

    public async ValueTask InitializeAsync()
    {
        simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = folder.FullName }, Ct);
        control = new HttpClient { BaseAddress = simulator.ControlUrl };
        var bob = await simulator.World.CreatePhoneAsync(Bob, "Bob");
        alice = await simulator.World.CreatePhoneAsync(Alice, "Alice");
        device = new TestDevice(simulator, options => options with { SpoolFolder = Spool });
        device.Client.Start();
        await bob.ScanAsync((await device.EventAsync<QrCodeIssued>(Ct)).Text, ct: Ct);
        await device.StateAsync(ConnectionState.Open, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await device.DisposeAsync();
        control.Dispose();
        await simulator.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_uploaded_file_is_found_whole_by_the_phone_that_gets_its_message()
    {
        using var content = new MemoryStream(picture);
        var uploaded = await device.Client.Media.UploadAsync(content, MediaKind.Image, Ct);
        var info = await device.Client.Messages.SendAsync(alice.Jid, Message(uploaded), null, Ct);

        await alice.WaitForMessageAsync(message => message.Id == info.Id, ct: Ct);
        var seen = (await control.GetFromJsonAsync<JsonElement>($"/v1/phones/{Alice}/messages", Ct)).GetProperty("messages")[0].GetProperty("media");
        Assert.Equal(Convert.ToBase64String(SHA256.HashData(picture)), seen.GetProperty("sha256").GetString());
        Assert.Equal(picture.Length, seen.GetProperty("size").GetInt64());
        Assert.False(seen.TryGetProperty("problem", out _));
        Assert.Empty(simulator.World.Violations.Snapshot());
        Assert.Empty(Directory.GetFiles(Spool));
    }

    [Fact]
    public async Task A_phones_file_is_fetched_and_leaves_nothing_behind()
    {
        var (media, owner) = await ReceiveAsync();

        await using (var file = await device.Client.Media.OpenAsync(media, owner, MediaFiles.MaxBytes, Ct))
        {
            Assert.Equal(picture, await ReadAsync(file));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Name));
        }

        Assert.Empty(Directory.GetFiles(Spool));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_file_that_the_host_has_lost_is_uploaded_again_by_the_phone(int status)
    {
        var (media, owner) = await ReceiveAsync();
        await FaultAsync(status);

        await using var file = await device.Client.Media.OpenAsync(media, owner, MediaFiles.MaxBytes, Ct);

        Assert.Equal(picture, await ReadAsync(file));
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task A_file_that_the_host_has_mixed_up_is_uploaded_again_by_the_phone()
    {
        var (media, owner) = await ReceiveAsync();
        var (other, _) = await ReceiveAsync();

        await using var file = await device.Client.Media.OpenAsync(media with { DirectPath = other.DirectPath, Url = null }, owner, MediaFiles.MaxBytes, Ct);

        Assert.Equal(picture, await ReadAsync(file));
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task A_file_that_nobody_has_any_more_is_told_as_such()
    {
        var (media, owner) = await ReceiveAsync();
        var elsewhere = media with { DirectPath = "/v/none.enc" };

        await Assert.ThrowsAsync<MediaGoneException>(() => device.Client.Media.OpenAsync(elsewhere, null, MediaFiles.MaxBytes, Ct));
        var (_, unknown) = (media, owner with { MessageId = await alice.SendTextAsync(Bob, "no file") });
        await device.MessageAsync(unknown.MessageId, Ct);
        await FaultAsync(404, count: 2);
        await Assert.ThrowsAsync<MediaGoneException>(() => device.Client.Media.OpenAsync(media, owner, MediaFiles.MaxBytes, Ct));
    }

    [Fact]
    public async Task A_file_that_is_not_the_announced_one_is_refused()
    {
        var (media, _) = await ReceiveAsync();

        await RefusedAsync(media with { EncryptedSha256 = new byte[32] });
        await RefusedAsync(media with { Sha256 = new byte[32] });
        await RefusedAsync(media with { Key = new byte[32] });
        await RefusedAsync(media with { Length = picture.Length - 1 });
        await RefusedAsync(media with { Kind = MediaKind.Video });
        await RefusedAsync(media with { Key = new byte[5] });
        Assert.Empty(Directory.GetFiles(Spool));
    }

    [Fact]
    public async Task A_file_larger_than_allowed_is_not_taken_whatever_its_message_says()
    {
        var (media, _) = await ReceiveAsync();

        await Assert.ThrowsAsync<MediaTooLargeException>(() => device.Client.Media.OpenAsync(media, null, picture.Length - 1, Ct));
        await Assert.ThrowsAsync<MediaTooLargeException>(() => device.Client.Media.OpenAsync(media with { Length = null }, null, 1000, Ct));
        Assert.Empty(Directory.GetFiles(Spool));
    }

    private async Task RefusedAsync(MediaReference media) =>
        await Assert.ThrowsAsync<MediaCorruptException>(() => device.Client.Media.OpenAsync(media, null, MediaFiles.MaxBytes, Ct));

    private async Task<(MediaReference Media, MediaOwner Owner)> ReceiveAsync()
    {
        using var answer = await control.PostAsJsonAsync(
            $"/v1/phones/{Alice}/messages", new { to = Bob, image = new { base64 = Convert.ToBase64String(picture), mimetype = "image/jpeg" } }, Ct);
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetString()!;
        var received = await device.MessageAsync(id, Ct);
        return (MediaReference.Of(received.Content)!, new MediaOwner(id, received.Info.Chat, false, null));
    }

    private async Task FaultAsync(int status, int count = 1)
    {
        using var answer = await control.PostAsJsonAsync("/v1/faults", new { when = new { count }, @do = new { mediaStatus = status } }, Ct);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<byte[]> ReadAsync(FileStream file)
    {
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, Ct);
        return bytes;
    }

    private static Message Message(MediaReference uploaded) => new()
    {
        ImageMessage = new Message.Types.ImageMessage
        {
            Url = uploaded.Url,
            DirectPath = uploaded.DirectPath,
            MediaKey = ByteString.CopyFrom(uploaded.Key.Span),
            FileEncSha256 = ByteString.CopyFrom(uploaded.EncryptedSha256.Span),
            FileSha256 = ByteString.CopyFrom(uploaded.Sha256.Span),
            FileLength = (ulong)uploaded.Length!,
            Mimetype = "image/jpeg",
        },
    };
}
