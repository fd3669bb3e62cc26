using System.ComponentModel;
using System.Diagnostics;

namespace Evolution.Gateway.Media;

/// <summary>
/// One run of a program that reads files of strangers: started without a shell, with nothing of our environment but where programs and libraries
/// lie (settings and keys stay here), and gone when <see cref="RunAsync"/> returns, whatever happened.
/// </summary>
internal static class ChildProgram
{
    private static readonly string[] Inherited = ["PATH", "LD_LIBRARY_PATH"];

    /// <param name="program">Absolute path.</param>
    /// <param name="arguments">One each; nothing interprets them on the way.</param>
    /// <param name="read">Reads the standard output until its end.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="Win32Exception">It can't be started.</exception>
    public static async Task<int> RunAsync(
        string program, IEnumerable<string> arguments, Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        using var process = Process.Start(Start(program, arguments))!;
        using var output = process.StandardOutput.BaseStream;
        using var errors = process.StandardError.BaseStream;
        process.StandardInput.Close();
        // What it complains of may tell what is in the file: nobody reads it, but it has to go somewhere.
        var complaints = errors.CopyToAsync(Stream.Null, CancellationToken.None);
        try
        {
            // A read of a pipe can't be given up, but ends when nobody is left to write.
            await using var killing = cancellationToken.Register(() => Kill(process));
            await read(output, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return process.ExitCode;
        }
        finally
        {
            Kill(process);
            await process.WaitForExitAsync(CancellationToken.None);
            await complaints;
        }
    }

    private static ProcessStartInfo Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetPathRoot(program),
        };
        var kept = Inherited.Where(start.Environment.ContainsKey).ToDictionary(name => name, name => start.Environment[name], StringComparer.Ordinal);
        start.Environment.Clear();
        foreach (var (name, value) in kept)
            start.Environment[name] = value;
        return start;
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It had just ended by itself.
        }
    }
}
