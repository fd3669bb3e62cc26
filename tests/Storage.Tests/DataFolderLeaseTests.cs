namespace Evolution.Storage.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class DataFolderLeaseTests : IDisposable
{
    private readonly string parent = Directory.CreateTempSubdirectory("lease-tests-").FullName;

    [Fact]
    public void Acquire_makes_a_folder_only_its_owner_can_enter()
    {
        var folder = Path.Combine(parent, "a", "data");
        using var lease = DataFolderLease.Acquire(folder);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.All(Directory.GetFiles(folder), f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
    }

    [Fact]
    public void Acquire_refuses_a_folder_that_is_taken_and_says_what_to_do()
    {
        using (DataFolderLease.Acquire(parent))
        {
            var e = Assert.Throws<DataFolderException>(() => DataFolderLease.Acquire(parent));
            Assert.Contains("DATA_DIR", e.Message, StringComparison.Ordinal);
            Assert.Contains("in use", e.Message, StringComparison.Ordinal);
        }

        DataFolderLease.Acquire(parent).Dispose();
    }

    [Fact]
    public void Acquire_says_when_the_folder_is_a_file()
    {
        var path = Path.Combine(parent, "file");
        File.WriteAllText(path, string.Empty);
        Assert.Throws<DataFolderException>(() => DataFolderLease.Acquire(path));
    }

    public void Dispose() => Directory.Delete(parent, recursive: true);
}
