using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Evolution.Gateway.Tests.EndToEnd.Receiving;
using Microsoft.AspNetCore.Http;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Every route that takes a file takes it as an upload and by its address, and the phone gets that very file.</summary>
public sealed class FileInputTests(LinkedGatewayFixture fixture) : IClassFixture<LinkedGatewayFixture>
{
    private static readonly Dictionary<string, (string Route, string Field, byte[] File, (string Name, string Value)[] Fields)> s_kinds = new()
    {
        ["image"] = ("sendMedia", "media", MediaSample.Jpeg, [("mediatype", "image")]),
        ["video"] = ("sendMedia", "media", RandomNumberGenerator.GetBytes(1000), [("mediatype", "video")]),
        ["document"] = ("sendMedia", "media", RandomNumberGenerator.GetBytes(1000), [("mediatype", "document")]),
        ["audio"] = ("sendMedia", "media", RandomNumberGenerator.GetBytes(1000), [("mediatype", "audio")]),
        ["video note"] = ("sendPtv", "video", RandomNumberGenerator.GetBytes(1000), []),
        ["voice note"] = ("sendWhatsAppAudio", "audio", MediaSample.Opus(2), []),
        ["sticker"] = ("sendSticker", "sticker", MediaSample.WebP, []),
        ["pictured status"] = ("sendStatus", "content", MediaSample.Jpeg, [("type", "image"), ("statusJidList[]", LinkedGateway.OtherNumber)]),
        ["filmed status"] = ("sendStatus", "content", RandomNumberGenerator.GetBytes(1000), [("type", "video"), ("statusJidList[]", LinkedGateway.OtherNumber)]),
        ["spoken status"] = ("sendStatus", "content", MediaSample.Opus(2), [("type", "audio"), ("statusJidList[]", LinkedGateway.OtherNumber)]),
    };

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimit.Ms)]
    [MemberData(nameof(Kinds))]
    public async Task As_an_upload(string kind)
    {
        using var form = Form(kind);
        form.Add(new ByteArrayContent(s_kinds[kind].File), "file", "holiday");

        await SendAsync(kind, form);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [MemberData(nameof(Kinds))]
    public async Task By_its_address(string kind)
    {
        await using var web = await FileServer.StartAsync(context => context.Response.Body.WriteAsync(s_kinds[kind].File, Ct).AsTask(), Ct);
        using var form = Form(kind);
        form.Add(new StringContent(new Uri(web.Url, "/holiday").ToString()), s_kinds[kind].Field);

        await SendAsync(kind, form);
    }

    private static MultipartFormDataContent Form(string kind)
    {
        var form = new MultipartFormDataContent { { new StringContent(LinkedGateway.OtherNumber), "number" } };
        foreach (var (name, value) in s_kinds[kind].Fields)
            form.Add(new StringContent(value), name);
        return form;
    }

    private async Task SendAsync(string kind, MultipartFormDataContent form)
    {
        using var reply = await fixture.Linked.Gateway.Http.PostAsync($"/message/{s_kinds[kind].Route}/sales", form, Ct);
        var answer = (await reply.Content.ReadFromJsonAsync<JsonNode>(Ct))!;
        Assert.True((int)reply.StatusCode == 201, answer.ToJsonString());

        var seen = await fixture.Linked.Other.WaitForMessageAsync(message => message.Id == (string)answer["key"]!["id"]!, ct: Ct);
        var file = (string?)answer["messageType"] switch
        {
            "imageMessage" => seen.Content.ImageMessage.FileSha256,
            "videoMessage" => seen.Content.VideoMessage.FileSha256,
            "ptvMessage" => seen.Content.PtvMessage.FileSha256,
            "audioMessage" => seen.Content.AudioMessage.FileSha256,
            "stickerMessage" => seen.Content.StickerMessage.FileSha256,
            _ => seen.Content.DocumentMessage.FileSha256,
        };
        Assert.Equal(SHA256.HashData(s_kinds[kind].File), file.ToByteArray());
        Assert.Empty(fixture.Linked.Simulator.World.Violations.Snapshot());
    }
}
