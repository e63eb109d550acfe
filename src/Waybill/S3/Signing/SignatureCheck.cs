using System.Security.Cryptography;

namespace Waybill.S3.Signing;

/// <summary>Whether a claim is true: the signature is made again with the secret of its access key.</summary>
sealed class SignatureCheck(SigningKeys keys)
{
    public (VerifiedSignature? Verified, Refusal? Refusal) Check(in IncomingRequest request, SignatureClaim claim, string secret)
    {
        var key = keys.Of(secret, claim.Scope);
        foreach (var host in Hosts(request.Headers.Host.ToString()))
        {
            var signature = HMACSHA256.HashData(key, CanonicalRequest.StringToSign(claim, CanonicalRequest.Write(request, claim, host)));
            if (!CryptographicOperations.FixedTimeEquals(signature, claim.Signature))
                continue;
            keys.Keep(secret, claim.Scope, key);
            return (new(claim, key), null);
        }
        return (null, new("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method."));
    }

    /// <summary>As it was sent; then what clients and proxies make of a port.</summary>
    static IEnumerable<string> Hosts(string sent)
    {
        yield return sent;
        // not the last group of an IPv6 address
        if (sent.LastIndexOf(':') is > 0 and var colon && sent.IndexOf(']', colon) < 0)
        {
            yield return sent[..colon];
            yield break;
        }
        yield return sent + ":80";
        yield return sent + ":443";
    }
}

/// <summary>A true signature. It seeds those of the body's chunks.</summary>
sealed record VerifiedSignature(SignatureClaim Claim, byte[] Key)
{
    public ChunkSignatures Chunks() => new(Key, Claim);
}
