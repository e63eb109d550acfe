using System.Net;
using Xunit;

namespace Waybill.Tests.S3;

public sealed class S3ListTests
{
    static readonly string[] s_keys = ["a/1", "a/2", "a/b/3", "b", "c/x", "c 空/+", "d", "\U0001F680", "\uFFFD\u0301"];

    [Fact]
    public async Task A_delimiter_gathers_what_lies_deeper()
    {
        await using var s3 = await FilledAsync(s_keys);
        var root = await s3.GetAsync("/box?list-type=2&delimiter=/");
        // U+FFFD comes before U+1F680 in bytes, though not in UTF-16
        Assert.Equal(["b", "d", "\uFFFD\u0301", "\U0001F680"], root.Values("Key"));
        Assert.Equal(["", "a/", "c 空/", "c/"], root.Values("Prefix"));
        Assert.Equal("7", root.Value("KeyCount"));
        var under = await s3.GetAsync("/box?prefix=a/&delimiter=/");
        Assert.Equal(["a/1", "a/2"], under.Values("Key"));
        Assert.Equal(["a/", "a/b/"], under.Values("Prefix"));
        Assert.Equal(["a/1", "a/2", "a/b/3"], (await s3.GetAsync("/box?prefix=a")).Values("Key"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("&delimiter=/")]
    public async Task Pages_follow_each_other_without_gap_or_repetition(string delimiter)
    {
        await using var s3 = await FilledAsync(s_keys);
        var whole = await s3.GetAsync($"/box?list-type=2{delimiter}");
        var all = Names(whole);
        Assert.Equal("false", whole.Value("IsTruncated"));
        foreach (var size in (int[])[1, 2, 3])
        {
            Assert.Equal(all, await PagesAsync(s3, $"/box?list-type=2{delimiter}&max-keys={size}", "continuation-token", "NextContinuationToken"));
            Assert.Equal(all, await PagesAsync(s3, $"/box?max-keys={size}{delimiter}", "marker", "NextMarker"));
        }
    }

    [Fact]
    public async Task Names_are_escaped_when_asked()
    {
        await using var s3 = await FilledAsync(["a b+空", "x\u0001y"]);
        Assert.Equal(["a%20b%2B%E7%A9%BA", "x%01y"], (await s3.GetAsync("/box?encoding-type=url")).Values("Key"));
        Assert.Contains("<Key>x&#x1;y</Key>", (await s3.GetAsync("/box")).Text, StringComparison.Ordinal);
        (await s3.GetAsync("/box?encoding-type=rot13")).Is(HttpStatusCode.BadRequest, "InvalidArgument");
    }

    [Theory]
    [InlineData("max-keys=-1")]
    [InlineData("max-keys=x")]
    [InlineData("list-type=2&continuation-token=zz")]
    [InlineData("prefix=%00")]
    public async Task A_question_that_is_none_is_refused(string query)
    {
        await using var s3 = await FilledAsync([]);
        (await s3.GetAsync("/box?" + query)).Is(HttpStatusCode.BadRequest, "InvalidArgument");
    }

    [Fact]
    public async Task No_keys_are_a_page_of_their_own()
    {
        await using var s3 = await FilledAsync(["a"]);
        var none = await s3.GetAsync("/box?max-keys=0");
        Assert.Equal("false", none.Value("IsTruncated"));
        Assert.Empty(none.Values("Key"));
        (await s3.GetAsync("/box?prefix=closed/")).Is(HttpStatusCode.Forbidden, "AccessDenied");
    }

    [Fact]
    public async Task Start_after_begins_behind_a_key()
    {
        await using var s3 = await FilledAsync(["a", "b", "c"]);
        Assert.Equal(["c"], (await s3.GetAsync("/box?list-type=2&start-after=b")).Values("Key"));
        Assert.Equal(["b", "c"], (await s3.GetAsync("/box?list-type=2&start-after=aa")).Values("Key"));
    }

    [Fact]
    public async Task A_thousand_keys_are_one_page_and_one_more_is_another()
    {
        await using var s3 = await FilledAsync([]);
        await KeyRows.AddAsync(s3, 1001, n => $"many/{n:D5}");
        var first = await s3.GetAsync("/box?list-type=2&prefix=many/");
        Assert.Equal(1000, first.Values("Key").Length);
        var second = await s3.GetAsync($"/box?list-type=2&prefix=many/&continuation-token={first.Value("NextContinuationToken")}");
        Assert.Equal(["many/01000"], second.Values("Key"));
    }

    [Fact]
    public async Task What_lies_under_a_common_prefix_is_sought_past_not_read()
    {
        await using var s3 = await FilledAsync([]);
        await KeyRows.AddAsync(s3, 20_000, n => $"{n / 1000:D3}/{n:D6}");
        var listed = await s3.GetAsync("/box?delimiter=/");
        Assert.Equal(21, listed.Values("Prefix").Length);
        Assert.Equal(("019/", "false"), (listed.Values("Prefix")[^1], listed.Value("IsTruncated")));
    }

    static string[] Names(S3Reply page) => [.. page.Values("Key"), .. page.Values("Prefix").Where(p => p.Length > 0)];

    static async Task<string[]> PagesAsync(S3Host s3, string target, string parameter, string next)
    {
        var (keys, prefixes) = (new List<string>(), new List<string>());
        for (var from = ""; ;)
        {
            var page = await s3.GetAsync(target + from);
            keys.AddRange(page.Values("Key"));
            prefixes.AddRange(page.Values("Prefix").Where(p => p.Length > 0));
            if (page.Value("IsTruncated") == "false")
                return [.. keys, .. prefixes];
            var marker = page.Values(next) is [var told] ? told : page.Values("Key")[^1];
            from = $"&{parameter}={Uri.EscapeDataString(marker)}";
        }
    }

    static async Task<S3Host> FilledAsync(string[] keys)
    {
        var s3 = await S3Host.StartAsync();
        (await s3.PutAsync("/box", [])).Is(HttpStatusCode.OK);
        foreach (var key in keys)
            (await s3.PutAsync("/box/" + string.Join('/', key.Split('/').Select(Uri.EscapeDataString)), [1])).Is(HttpStatusCode.OK);
        return s3;
    }
}
