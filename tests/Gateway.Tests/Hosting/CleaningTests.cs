using Evolution.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Evolution.Gateway.Tests.Hosting;

/// <summary>What the running gateway tidies up by itself.</summary>
public sealed class CleaningTests
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_file_that_no_instance_has_any_more_goes_with_the_hours()
    {
        await using var gateway = await RunningGateway.StartAsync(services => services.AddSingleton<TimeProvider>(_time), Ct);
        await gateway.CreateAsync("sales", Ct);
        var folder = Directory.CreateDirectory(Path.Combine(gateway.Path, "media", "ab")).FullName;
        var (kept, left) = (Path.Combine(folder, "abc"), Path.Combine(folder, "abd"));
        foreach (var (file, instance) in new[] { (kept, gateway.InstanceOf("sales").Id), (left, "gone") })
        {
            await File.WriteAllTextAsync(file, "picture", Ct);
            await File.WriteAllTextAsync($"{file}.{instance}", "", Ct);
        }

        while (Directory.GetFiles(folder).Length > 2)
        {
            Ct.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromHours(1));
            await Task.Yield();
        }

        Assert.True(File.Exists(kept));
    }
}
