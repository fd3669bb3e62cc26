using System.Net.Sockets;
using Evolution.Gateway.Hosting;

namespace Evolution.Gateway.Media;

/// <summary>Fetches files by the addresses that callers name.</summary>
internal sealed class MediaFetch(GuardedWeb web, MediaStore store, MediaOptions options, TimeProvider time)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WholeLimit = TimeSpan.FromMinutes(5);

    /// <returns>The file, and the MIME type that its server gave.</returns>
    /// <exception cref="MediaException">It can't be had.</exception>
    public async Task<(StoredMedia File, string? Mimetype)> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var response = await web.Files.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
                throw new MediaException($"Request failed with status code {(int)response.StatusCode}");
            if (response.Content.Headers.ContentLength > options.MaxBytes)
                throw new MediaException($"The file has more than {options.MaxBytes} bytes");
            limit.CancelAfter(WholeLimit);
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            return (await store.AddAsync(body, options.MaxBytes, either.Token), response.Content.Headers.ContentType?.MediaType);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MediaException($"{address.Host} did not deliver the file in time", e);
        }
        catch (HttpRequestException e)
        {
            throw new MediaException(e.InnerException is SocketException or IOException ? $"{address.Host}: {e.InnerException.Message}" : e.Message, e);
        }
        catch (IOException e) when (e is not MediaFolderException)
        {
            throw new MediaException($"{address.Host}: {e.Message}", e);
        }
    }
}
