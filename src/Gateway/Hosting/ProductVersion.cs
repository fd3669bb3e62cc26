using System.Reflection;

namespace Evolution.Gateway.Hosting;

/// <summary>Which program this is, and which Evolution it stands for.</summary>
internal static class ProductVersion
{
    /// <summary>The version of Evolution API whose contract is kept; clients read it from <c>GET /</c>.</summary>
    public const string Contract = "2.3.6";

    /// <summary>This program's own version.</summary>
    public static string Program { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
