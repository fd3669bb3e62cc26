using Evolution.Proto;
using Evolution.Simulator.Phones;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>One of the two who talk.</summary>
internal abstract class Party(Phone phone)
{
    /// <summary>Whose device it is.</summary>
    public Phone Phone => phone;

    /// <summary>How much it told so far.</summary>
    public abstract int Position { get; }

    /// <returns>The message id.</returns>
    public abstract Task<string> SendAsync(MatrixRow row, CellContext at, CancellationToken ct);

    /// <summary>Waits for a message and says in which chat it stands and how this client understands it.</summary>
    public abstract Task<(string Chat, Message Content)> ReadAsync(string id, int after, CancellationToken ct);

    /// <summary>A message that this party sent, with its secret.</summary>
    public abstract Task<Message> SentAsync(string id, CancellationToken ct);

    /// <summary>Downloads and decrypts a read message's file.</summary>
    /// <returns>SHA-256 of what came out, lower-case hexadecimal.</returns>
    public abstract Task<string> DownloadAsync(string id, Message content, CancellationToken ct);

    /// <summary>Opens a vote on a poll of its own.</summary>
    /// <param name="at">How the voter saw the chat.</param>
    /// <returns>The options it is for.</returns>
    public abstract Task<IReadOnlyList<string>> OpenVoteAsync(string id, Message content, CellContext at, CancellationToken ct);
}
