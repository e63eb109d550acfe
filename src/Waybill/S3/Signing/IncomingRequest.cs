using Microsoft.AspNetCore.Http.Features;
using Waybill.Objects;

namespace Waybill.S3.Signing;

/// <summary>A request as it came over the wire: path and query still percent-encoded, the query without its question mark.</summary>
readonly record struct IncomingRequest(string Method, string Path, string Query, IHeaderDictionary Headers)
{
    /// <summary>The hash of a body that was read already; what is signed where no <c>x-amz-content-sha256</c> was sent (STS).</summary>
    public Sha256Digest? BodyHash { get; init; }

    public static IncomingRequest Of(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        // the absolute form, as sent to a proxy (RFC 9112, 3.2.2)
        if (!target.StartsWith('/') && target.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
            target = target.IndexOf('/', scheme + 3) is >= 0 and var slash ? target[slash..] : "/";
        var mark = target.IndexOf('?');
        return mark < 0 ? new(request.Method, target, "", request.Headers) : new(request.Method, target[..mark], target[(mark + 1)..], request.Headers);
    }
}
