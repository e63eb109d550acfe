using System.Security.Cryptography.X509Certificates;

namespace Waybill.Devices;

/// <summary>What a client's certificate says: which device it is, and why that does not hold. The certificate itself is not kept.</summary>
sealed record DeviceCertificate
{
    /// <summary>The purpose it must have, where it has any (RFC 5280, 4.2.1.12).</summary>
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    const string CommonName = "2.5.4.3";
    const int LongestName = 120;

    /// <summary>Null with <see cref="Device"/> where it names none.</summary>
    public string? Product { get; private init; }

    public string? Device { get; private init; }

    /// <summary>Null: it holds.</summary>
    public RefusedException? Refusal { get; private init; }

    /// <summary>Whether a user name is a Tencent SDK's or a certificate's name, and of another device. What is neither claims nothing but, it may be, a serial number.</summary>
    public bool IsContradictedBy(string? user)
    {
        if (user is null)
            return false;
        var end = user.IndexOf(';', StringComparison.Ordinal);
        return end >= 0 ? user[..end] != Product + Device : user.Contains('/', StringComparison.Ordinal) && user != $"{Product}/{Device}";
    }

    /// <param name="certificate">As presented.</param>
    /// <param name="chain">Built for it, with what is wrong.</param>
    public static DeviceCertificate Judge(X509Certificate2 certificate, X509Chain chain)
    {
        var names = Names(certificate);
        var parts = names is [var only] ? only.Split('/') : [];
        var isNamed = parts is [var product, var device] && RegistryNames.IsProduct(product, []) && RegistryNames.IsDevice(device);
        var refusal = Trouble(certificate, chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status));
        if (refusal is null && !isNamed)
            refusal = new("certificate_misnamed", $"the certificate's CN '{Shown(string.Join(", ", names))}' is not product/device");
        return isNamed ? new() { Product = parts[0], Device = parts[1], Refusal = refusal } : new() { Refusal = refusal };
    }

    /// <summary>Whom it may be of comes before when.</summary>
    static RefusedException? Trouble(X509Certificate2 certificate, X509ChainStatusFlags wrong)
    {
        if (wrong == X509ChainStatusFlags.NoError)
            return null;
        if ((wrong & ~(X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotValidForUsage)) != X509ChainStatusFlags.NoError)
            return new("certificate_untrusted", $"the certificate is of none of the authorities of Waybill:Tls:DeviceAuthorities ({wrong}); its issuer says to be '{Shown(certificate.Issuer)}'");
        if (wrong.HasFlag(X509ChainStatusFlags.NotTimeValid))
            return new("certificate_expired", $"the certificate or its authority's is not valid now: it holds from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}");
        return new("certificate_purpose", "the certificate is for other purposes than client authentication");
    }

    /// <summary>Common names of the subject. Anything else of it names nobody.</summary>
    static List<string> Names(X509Certificate2 certificate) =>
    [
        .. certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(n => !n.HasMultipleElements && n.GetSingleElementType().Value == CommonName)
            .Select(n => n.GetSingleElementValue() ?? ""),
    ];

    /// <summary>A stranger may have written it.</summary>
    static string Shown(string name)
    {
        var plain = new string([.. name.Take(LongestName).Select(c => char.IsControl(c) ? ' ' : c)]);
        return name.Length > LongestName ? plain + "…" : plain;
    }
}
