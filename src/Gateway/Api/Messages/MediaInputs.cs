using System.Text.Json;
using Evolution.Gateway.Media;

namespace Evolution.Gateway.Api.Messages;

/// <summary>Takes the file of a request, which comes as an upload, an address or base64.</summary>
internal sealed class MediaInputs(MediaStore store, MediaFetch fetch, MediaOptions options)
{
    // Signed addresses of object stores are long; nothing longer is one.
    private const int MaxAddressLength = 8192;

    /// <summary>What the request has, before anything is fetched.</summary>
    /// <param name="field">The body's property.</param>
    /// <param name="refusal">What to answer when there is nothing usable.</param>
    /// <exception cref="ApiException">400: nothing usable.</exception>
    public async Task<MediaInput> FindAsync(ApiCall call, string field, string refusal)
    {
        if (call.Upload is { } upload)
            return new MediaInput { File = upload.File, FileName = upload.FileName, Mimetype = upload.Mimetype };
        if (!call.Body.TryGetProperty(field, out var value) || value.ValueKind != JsonValueKind.String)
            throw ApiException.BadRequest(refusal);
        if (AddressIn(value) is { } address)
            return new MediaInput { Address = address };
        try
        {
            await using var addition = store.Begin(options.MaxBytes);
            if (!Base64Text.TryDecode(value, addition))
                throw ApiException.BadRequest(refusal);
            return new MediaInput { File = await addition.CompleteAsync(call.Aborted), IsBase64 = true };
        }
        catch (MediaException e)
        {
            throw ApiException.Failed($"Error: {e.Message}");
        }
    }

    /// <summary>The input with its file.</summary>
    /// <exception cref="MediaException">It can't be had, or is empty.</exception>
    public async Task<MediaInput> GetAsync(MediaInput input, CancellationToken cancellationToken)
    {
        if (input.Address is { } address)
        {
            var (file, mimetype) = await fetch.GetAsync(address, cancellationToken);
            input = input with { File = file, Mimetype = mimetype, FileName = Path.GetFileName(Uri.UnescapeDataString(address.AbsolutePath)) };
        }

        return input.File!.Length > 0 ? input : throw new MediaException("Input Buffer is empty");
    }

    private static Uri? AddressIn(JsonElement value) =>
        System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value).Length <= MaxAddressLength
        && Uri.TryCreate(value.GetString(), UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address
            : null;
}
