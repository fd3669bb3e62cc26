using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Media;

/// <summary>The certificate authority behind the media host. Made once, kept in the file, so that clients may go on trusting it.</summary>
internal sealed class MediaAuthority
{
    private MediaAuthority(string pem, X509Certificate2 server)
    {
        Pem = pem;
        Server = server;
    }

    /// <summary>The authority's certificate, for clients to trust.</summary>
    public string Pem { get; }

    /// <summary>The media host's certificate with its key: loopback addresses, localhost and WhatsApp's media names.</summary>
    public X509Certificate2 Server { get; }

    public static async Task<MediaAuthority> LoadAsync(SimulatorStore store, IPAddress bound, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var stored = store.Query("SELECT value FROM meta WHERE key = 'media-ca'", row => Encoding.ASCII.GetString(row.Bytes(0))).FirstOrDefault();
        if (stored is null)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=WhatsApp simulator media authority", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
            using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
            stored = made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
            var writes = new Writes();
            writes.Add("INSERT INTO meta VALUES('media-ca', ?1)", Encoding.ASCII.GetBytes(stored));
            await store.CommitAsync(writes).ConfigureAwait(false);
        }

        using var authority = X509Certificate2.CreateFromPem(stored, stored);
        return new MediaAuthority(authority.ExportCertificatePem() + "\n", Issue(authority, bound, now));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, IPAddress bound, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=WhatsApp simulator media host", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var address in new HashSet<IPAddress> { IPAddress.Loopback, IPAddress.IPv6Loopback, bound })
            names.AddIpAddress(address);
        foreach (var name in (string[])["localhost", "mmg.whatsapp.net", "*.whatsapp.net"])
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        using var issued = request.Create(authority, now.AddDays(-1), now.AddYears(1), RandomNumberGenerator.GetBytes(12));
        return issued.CopyWithPrivateKey(key);
    }
}
