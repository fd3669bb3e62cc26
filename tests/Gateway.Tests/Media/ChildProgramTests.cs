using System.Text;
using Evolution.Gateway.Media;

namespace Evolution.Gateway.Tests.Media;

public sealed class ChildProgramTests
{
    private const string Shell = "/bin/sh";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_it_says_is_read_and_its_exit_code_told()
    {
        var (code, said) = await RunAsync("echo hello; echo noise >&2; exit 3");

        Assert.Equal((3, "hello\n"), (code, said));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task It_sees_nothing_of_our_environment_but_where_programs_and_libraries_are()
    {
        var (_, said) = await RunAsync("exec env");

        // PWD and its like the shell sets by itself.
        Assert.All(
            said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]),
            name => Assert.Contains(name, new[] { "PATH", "LD_LIBRARY_PATH", "PWD", "OLDPWD", "SHLVL", "_" }));
        Assert.NotEmpty(Environment.GetEnvironmentVariable("HOME") ?? "");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task It_has_no_input_to_wait_for() => Assert.Equal((0, ""), await RunAsync("exec cat"));

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Arguments_are_not_interpreted()
    {
        var said = new StringBuilder();

        await ChildProgram.RunAsync("/bin/echo", ["$(id)", "a b", "; ls"], (output, stop) => ReadAsync(output, said, stop), Stop);

        Assert.Equal("$(id) a b ; ls\n", said.ToString());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task It_and_what_it_started_are_gone_when_it_is_given_up()
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var ids = new TaskCompletionSource<int[]>(TaskCreationOptions.RunContinuationsAsynchronously);

        var running = ChildProgram.RunAsync(
            Shell,
            ["-c", "sleep 1000 & echo $$ $!; wait"],
            async (output, _) =>
            {
                using var reader = new StreamReader(output, leaveOpen: true);
                ids.SetResult([.. (await reader.ReadLineAsync(CancellationToken.None))!.Split(' ').Select(int.Parse)]);
                await reader.ReadToEndAsync(CancellationToken.None);
            },
            given.Token);
        var started = await ids.Task.WaitAsync(Stop);
        Assert.All(started, id => Assert.True(Lives(id)));
        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.All(started, id => Assert.False(Lives(id)));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task It_is_gone_when_nobody_wants_to_read_on()
    {
        var id = 0;

        await Assert.ThrowsAsync<MediaException>(() => ChildProgram.RunAsync(
            Shell,
            ["-c", "echo $$; exec sleep 1000"],
            async (output, stop) =>
            {
                using var reader = new StreamReader(output, leaveOpen: true);
                id = int.Parse((await reader.ReadLineAsync(stop))!);
                throw new MediaException("enough");
            },
            Stop));

        Assert.False(Lives(id));
    }

    // What has ended but was not waited for by its parent is no more than an entry in a table.
    private static bool Lives(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Trim()[0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<(int Code, string Said)> RunAsync(string script)
    {
        var said = new StringBuilder();
        var code = await ChildProgram.RunAsync(Shell, ["-c", script], (output, stop) => ReadAsync(output, said, stop), Stop);
        return (code, said.ToString());
    }

    private static async Task ReadAsync(Stream output, StringBuilder said, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(output, leaveOpen: true);
        said.Append(await reader.ReadToEndAsync(cancellationToken));
    }
}
