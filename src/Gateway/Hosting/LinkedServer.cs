using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Hosting;

/// <summary>
/// Remembers in the data folder which WhatsApp its devices are linked to: the real one, or a simulator by its key. A device that logs in at another one
/// is taken for unlinked there, and its keys would be deleted here.
/// </summary>
internal static class LinkedServer
{
    /// <summary>Name of the file in the data folder.</summary>
    public const string FileName = "whatsapp-server";

    private const string Real = "whatsapp";

    /// <exception cref="SettingException">Instances are linked to another server than the one that this process is to talk with.</exception>
    public static void Claim(DataFolder folder, DeviceOptions device, InstanceDirectory instances)
    {
        var file = folder.File(FileName);
        var server = device.NoiseRootKey is { } key ? Convert.ToHexStringLower(key.Span) : Real;
        try
        {
            var known = File.Exists(file) ? File.ReadAllText(file).Trim() : null;
            if (known == server)
                return;
            if (known is not null && instances.All.Any(instance => instance.OwnerJid is not null))
            {
                throw new SettingException(
                    $"Instances in this data folder are linked to {Name(known)}, and would lose their links at {Name(server)}. "
                    + "Set DATA_DIR to a folder for each, or point WHATSAPP_WEB_URL and WHATSAPP_NOISE_ROOT_KEY at the server they know");
            }

            var half = file + ".new";
            File.WriteAllText(half, server + "\n");
            File.Move(half, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"The file {file} can't be used: {e.Message}");
        }
    }

    private static string Name(string server) => server == Real ? "the real WhatsApp" : $"a simulator (key {server[..Math.Min(8, server.Length)]}…)";
}
