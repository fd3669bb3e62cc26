using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;

namespace Evolution.Gateway.Media.S3;

/// <summary>
/// Files in a bucket of S3 or of something that speaks like it. The only place that names the SDK's types: it is loaded when this is made.
/// </summary>
internal sealed class S3Storage : IObjectStorage, IDisposable
{
    private const int PartBytes = 8 * 1024 * 1024;
    private const int PartsAtOnce = 2;
    private const string Application = "x-amz-meta-custom-header-application";
    private static readonly TimeSpan AddressLifetime = TimeSpan.FromDays(7);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    // For one request, the largest of which is a part: with a line of half a megabit it still passes.
    private static readonly TimeSpan RequestLimit = TimeSpan.FromMinutes(2);

    private readonly S3Options options;
    private readonly TimeProvider time;
    private readonly AmazonS3Client client;
    private readonly TransferUtility transfers;

    public S3Storage(S3Options options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        client = new AmazonS3Client(
            new BasicAWSCredentials(options.AccessKey, options.SecretKey),
            new AmazonS3Config
            {
                ServiceURL = options.Endpoint.ToString(),
                ForcePathStyle = true,
                AuthenticationRegion = options.Region,
                // What looks like S3 often knows no other checksums.
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
                MaxErrorRetry = 2,
                ConnectTimeout = ConnectLimit,
                Timeout = RequestLimit,
            });
        transfers = new TransferUtility(client, new TransferUtilityConfig { ConcurrentServiceRequests = PartsAtOnce, MinSizeBeforePartUpload = PartBytes });
    }

    public string Description => $"bucket {options.Bucket} at {options.Endpoint.Authority}";

    public Task PrepareAsync(CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        try
        {
            await client.HeadBucketAsync(new HeadBucketRequest { BucketName = options.Bucket }, cancellationToken);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            await client.PutBucketAsync(new PutBucketRequest { BucketName = options.Bucket }, cancellationToken);
        }

        return true;
    });

    public Task PutAsync(string name, StoredMedia file, string mimetype, string? fileName, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var request = new TransferUtilityUploadRequest
        {
            BucketName = options.Bucket,
            Key = name,
            FilePath = file.Path,
            PartSize = PartBytes,
            ContentType = mimetype,
        };
        if (fileName is not null)
            request.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(fileName)}";
        request.Metadata.Add(Application, "evolution-api");
        await transfers.UploadAsync(request, cancellationToken);
        return true;
    });

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) => GuardAsync<Stream?>(async () =>
    {
        try
        {
            var answer = await client.GetObjectAsync(new GetObjectRequest { BucketName = options.Bucket, Key = name }, cancellationToken);
            return answer.ResponseStream;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    });

    public Uri AddressOf(string name) => SignedAddress.Of(
        new Uri(options.Endpoint, $"/{options.Bucket}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}"),
        options.Region,
        options.AccessKey,
        options.SecretKey,
        time.GetUtcNow(),
        AddressLifetime);

    public void Dispose()
    {
        transfers.Dispose();
        client.Dispose();
    }

    private static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (AmazonServiceException e)
        {
            // Some errors have no text, and those of refused keys are best known by their code.
            var reason = e.Message is { Length: > 0 } text && !text.Contains(e.ErrorCode ?? "", StringComparison.Ordinal) ? $"{e.ErrorCode}: {text}" : e.Message;
            throw new ObjectStorageException(reason.ReplaceLineEndings(" "), e);
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException or IOException or WebException or TimeoutException)
        {
            throw new ObjectStorageException(e.Message.ReplaceLineEndings(" "), e);
        }
    }
}
