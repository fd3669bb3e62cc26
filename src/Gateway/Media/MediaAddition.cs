using System.Security.Cryptography;

namespace Evolution.Gateway.Media;

/// <summary>A file that is being written; its hash is known when it is complete. Disposing it before that leaves nothing behind.</summary>
internal sealed class MediaAddition : Stream
{
    private readonly MediaStore store;
    private readonly long maxBytes;
    private readonly FileStream file;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long length;
    private bool isComplete;

    public MediaAddition(MediaStore store, string path, long maxBytes)
    {
        this.store = store;
        this.maxBytes = maxBytes;
        try
        {
            // Without a buffer: what a full disk does not take must not come up again when the stream is disposed.
            file = new FileStream(
                path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 });
        }
        catch (Exception e) when (MediaFolderException.IsMeantBy(e))
        {
            throw new MediaFolderException(e);
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position
    {
        get => length;
        set => throw new NotSupportedException();
    }

    /// <summary>Ends the file and keeps it.</summary>
    /// <exception cref="MediaFolderException">The disk refuses; so may every write.</exception>
    public async Task<StoredMedia> CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The name vouches for the content, also after a power cut.
            file.Flush(flushToDisk: true);
            await file.DisposeAsync();
            var stored = store.Adopt(file.Name, hash.GetHashAndReset(), length);
            isComplete = true;
            return stored;
        }
        catch (Exception e) when (MediaFolderException.IsMeantBy(e))
        {
            throw new MediaFolderException(e);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Count(buffer);
        try
        {
            file.Write(buffer);
        }
        catch (Exception e) when (MediaFolderException.IsMeantBy(e))
        {
            throw new MediaFolderException(e);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Count(buffer.Span);
        try
        {
            await file.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (MediaFolderException.IsMeantBy(e))
        {
            throw new MediaFolderException(e);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
            hash.Dispose();
            if (!isComplete)
                File.Delete(file.Name);
        }

        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> piece)
    {
        length += piece.Length;
        if (length > maxBytes)
            throw new MediaException($"The file has more than {maxBytes} bytes");
        hash.AppendData(piece);
    }
}
