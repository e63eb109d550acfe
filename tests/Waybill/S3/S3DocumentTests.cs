using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Waybill.S3;
using Xunit;

namespace Waybill.Tests.S3;

/// <summary><c>docs/s3.md</c> says what is offered, and that only.</summary>
public sealed partial class S3DocumentTests
{
    [Fact]
    public async Task Its_calls_are_all_that_are_offered()
    {
        await using var house = await S3House.StartAsync();
        var calls = house.House.Get<S3Calls>();
        var named = Requests("## Calls").Select(r => Find(calls, r)).ToList();
        Assert.Equal(calls.All.Count, named.Count);
        Assert.Equal(calls.All.ToHashSet(ReferenceEqualityComparer.Instance), named.ToHashSet<object?>(ReferenceEqualityComparer.Instance));
    }

    [Fact]
    public async Task What_it_does_not_offer_is_not_implemented()
    {
        await using var house = await S3House.StartAsync();
        var calls = house.House.Get<S3Calls>();
        var requests = Requests("## Not offered").ToList();
        Assert.NotEmpty(requests);
        Assert.All(requests, r => Assert.Equal("NotImplemented", Assert.Throws<RefusedException>(() => Find(calls, r)).Code));
    }

    static S3Call Find(S3Calls calls, Match request)
    {
        var http = new DefaultHttpContext().Request;
        var target = request.Groups["target"].Value.Split('?');
        (http.Method, http.QueryString) = (request.Groups["method"].Value, target.Length > 1 ? new($"?{target[1]}") : default);
        if (request.Groups["copied"].Success)
            http.Headers["x-amz-copy-source"] = "/bucket/key";
        return calls.Find(target[0] switch
        {
            "/" => new(null, null),
            "/{bucket}" => new("bucket", null),
            _ => new("bucket", "key"),
        }, http);
    }

    /// <summary>The requests in the tables below a heading.</summary>
    static IEnumerable<Match> Requests(string heading)
    {
        var text = File.ReadAllText(Path.Join(Checkout.Root, "docs", "s3.md"));
        var section = text.Split(heading + "\n")[1].Split("\n## ")[0];
        return section.Split('\n').Where(l => l.StartsWith('|')).SelectMany(l => Request().Matches(l));
    }

    [GeneratedRegex("`(?<method>[A-Z]+) (?<target>/[^`]*)`(?<copied> with `x-amz-copy-source`)?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Request();
}
