using System.Diagnostics;
using Xunit;

namespace Waybill.Tests.S3;

public sealed class S3ListSpeedTests
{
    /// <summary>A page out of very many keys takes no longer than out of a few: bounded by far more than the 20 ms it is meant to take (docs/performance.md).</summary>
    [Fact]
    public async Task A_page_out_of_very_many_keys_comes_at_once()
    {
        await using var s3 = await S3Host.StartAsync();
        await s3.PutAsync("/box", []);
        await KeyRows.AddAsync(s3, 200_000, n => $"{n % 200:D3}/{n / 200:D6}");
        foreach (var target in (string[])["/box?list-type=2&prefix=100/", "/box?list-type=2&delimiter=/"])
        {
            await s3.GetAsync(target);
            var best = TimeSpan.MaxValue;
            for (var n = 0; n < 5; n++)
            {
                var start = Stopwatch.GetTimestamp();
                await s3.GetAsync(target);
                var took = Stopwatch.GetElapsedTime(start);
                best = took < best ? took : best;
            }
            TestContext.Current.SendDiagnosticMessage($"{target}: {best.TotalMilliseconds:F1} ms");
            Assert.True(best < TimeSpan.FromMilliseconds(250), $"{target} took {best.TotalMilliseconds} ms");
        }
    }
}
