using System.Net;
using System.Text;
using Waybill.Device;
using Waybill.Protocols.TencentExplorer;
using Xunit;

namespace Waybill.Tests.Device;

/// <summary>What devices of the Explorer dialect do where something goes wrong, as their SDKs do it.</summary>
public sealed class ExplorerMannersTests
{
    [Theory]
    [InlineData(ExplorerVariant.C3, HttpStatusCode.Forbidden, """{"method": "report_result", "report": {"progress": {"resource_name":"dl.bin","state":"done", "result_code":"-3", "result_msg":"time_out"}, "version": "1.0.0"}}""")]
    [InlineData(ExplorerVariant.C3, HttpStatusCode.NotFound, """{"method": "report_result", "report": {"progress": {"resource_name":"dl.bin","state":"done", "result_code":"-2", "result_msg":"time_out"}, "version": "1.0.0"}}""")]
    [InlineData(ExplorerVariant.V4, HttpStatusCode.Forbidden, """{"method":"report_result","report":{"progress":{"resource_name":"dl.bin","state":"fail","result_code":"-3","result_msg":"time_out"},"version":"1.0.0"}}""")]
    [InlineData(ExplorerVariant.Java, HttpStatusCode.NotFound, """{"method":"report_progress","report":{"progress":{"resource_name":"dl.bin","state":"done","result_code":"-2","result_msg":"time_out"},"version":"1.0.0"}}""")]
    public async Task A_refusal_is_reported_as_the_SDK_does(ExplorerVariant variant, HttpStatusCode status, string report)
    {
        await using var stage = await ExplorerStage.StartAsync();
        await using var device = await stage.DeviceAsync(variant);
        stage.Answer(status);
        stage.SayUpdate();
        var outcome = await device.ReceiveAsync(null, House.Soon);
        Assert.Equal(TransferEnding.Failed, outcome.Ending);
        Assert.Equal(report, await stage.HearAsync("\"-"));
    }

    [Theory]
    [InlineData(ExplorerVariant.C3, 120, "^ABCDE12345dev001;21010406;[A-Za-z0-9]{5};92233720368547758$", "^[0-9a-f]{40};hmacsha1$")]
    [InlineData(ExplorerVariant.V4, 240, "^ABCDE12345dev001;21010406;[A-Za-z0-9]{5};2147483647$", "^[0-9a-f]{40};hmacsha1$")]
    [InlineData(ExplorerVariant.Java, 60, "^ABCDE12345dev001;12010126;[A-Za-z0-9]{5};2147483647$", "^[0-9a-f]{64};hmacsha256$")]
    public async Task Each_SDK_connects_in_its_own_way(ExplorerVariant variant, int keepAlive, string user, string password)
    {
        await using var stage = await ExplorerStage.StartAsync();
        await using var device = await stage.DeviceAsync(variant);
        Assert.Equal((keepAlive, true), (stage.Came.KeepAliveSeconds, stage.Came.CleanStart));
        Assert.Matches(user, stage.Came.UserName);
        Assert.Matches(password, Encoding.ASCII.GetString(stage.Came.Password!.Value.Span));
    }

    [Fact]
    public async Task What_is_said_while_C_uploads_waits_until_it_is_done()
    {
        await using var stage = await ExplorerStage.StartAsync();
        await using var device = await stage.DeviceAsync(ExplorerVariant.C3);
        var (began, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        stage.Answer(async _ =>
        {
            began.SetResult();
            await going.Task.WaitAsync(House.Soon);
            return new(HttpStatusCode.OK);
        });
        var upload = device.UploadAsync(new("pic.jpg", "1.0.0", new MemoryStream([1, 2, 3])), null, House.Soon);
        await stage.HearAsync("request_url");
        stage.SayUrl("1");
        await began.Task.WaitAsync(House.Soon);
        stage.SayDelete("f0");
        var deleted = device.ReceiveAsync(null, House.Soon);
        await ExplorerStage.ReadAsync(device);
        Assert.False(deleted.IsCompleted);
        going.SetResult();
        Assert.True((await upload).IsOk);
        Assert.Equal("f0", (await deleted).Resource.Name);
    }

    [Fact]
    public async Task Each_request_is_tried_three_times()
    {
        await using var stage = await ExplorerStage.StartAsync();
        await using var device = await stage.DeviceAsync(ExplorerVariant.C3);
        foreach (var _ in Enumerable.Range(0, 2))
            stage.Answer(_ => throw new IOException("broken on purpose"));
        stage.Answer(HttpStatusCode.OK, ExplorerStage.Film);
        stage.SayUpdate();
        var outcome = await device.ReceiveAsync(null, House.Soon);
        Assert.Equal((TransferEnding.Ok, 3), (outcome.Ending, outcome.Attempts));
        foreach (var _ in Enumerable.Range(0, 3))
            stage.Answer(HttpStatusCode.InternalServerError);
        stage.SayUpdate();
        Assert.Equal(ExplorerResults.TimedOut, (await device.ReceiveAsync(null, House.Soon)).Code);
    }

    [Fact]
    public async Task Content_that_is_spoiled_is_not_held()
    {
        await using var stage = await ExplorerStage.StartAsync();
        await using var device = await stage.DeviceAsync(ExplorerVariant.C3);
        stage.Answer(HttpStatusCode.OK, new byte[ExplorerStage.Film.Length]);
        stage.SayUpdate();
        Assert.Equal(ExplorerResults.Md5NotMatched, (await device.ReceiveAsync(null, House.Soon)).Code);
        Assert.Contains("md5 check fail", await stage.HearAsync("\"-4\""), StringComparison.Ordinal);
        Assert.Empty(device.Held);
    }

    [Fact]
    public async Task Storage_that_refuses_is_told()
    {
        await using var stage = await ExplorerStage.StartAsync();
        await using var device = await stage.DeviceAsync(
            ExplorerVariant.V4, new() { Open = (_, _) => throw new IOException("full"), Erase = (_, _) => throw new IOException("stuck") });
        stage.SayUpdate();
        Assert.Equal(ExplorerResults.NoSpace, (await device.ReceiveAsync(null, House.Soon)).Code);
        Assert.Contains("space not enough", await stage.HearAsync("\"-6\""), StringComparison.Ordinal);
        stage.SayDelete("f0");
        Assert.Equal(ExplorerResults.DeleteFailed, (await device.ReceiveAsync(null, House.Soon)).Code);
        Assert.Contains("file del fail", await stage.HearAsync("\"-7\""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task C3_hears_nothing_after_a_refusal_until_it_has_reported_its_list()
    {
        await using var stage = await ExplorerStage.StartAsync();
        await using var device = await stage.DeviceAsync(ExplorerVariant.C3);
        stage.Answer(HttpStatusCode.Forbidden);
        stage.SayUpdate();
        var refused = device.ReceiveAsync(null, House.Soon);
        await stage.HearAsync("\"-3\"");
        stage.SayDelete("lost");
        await stage.HearAsync("report_version");
        await refused;
        stage.SayDelete("f0");
        Assert.Equal("f0", (await device.ReceiveAsync(null, House.Soon)).Resource.Name);
    }

    [Fact]
    public async Task C3_hears_nothing_after_a_list_that_was_refused()
    {
        await using var stage = await ExplorerStage.StartAsync();
        await using var device = await stage.DeviceAsync(ExplorerVariant.C3);
        stage.Say("""{"method":"report_version_rsp","result_code":1,"result_msg":"no","resource_list":[]}""");
        stage.SayDelete("lost");
        await ExplorerStage.ReadAsync(device);
        var reflash = device.ReflashAsync(House.Soon);
        await stage.HearAsync("report_version");
        stage.Say("""{"method":"report_version_rsp","result_code":0,"result_msg":"success","resource_list":[]}""");
        await reflash;
        stage.SayDelete("f0");
        Assert.Equal("f0", (await device.ReceiveAsync(null, House.Soon)).Resource.Name);
    }

    [Fact]
    public async Task What_is_said_while_a_download_runs_is_lost()
    {
        await using var stage = await ExplorerStage.StartAsync();
        await using var device = await stage.DeviceAsync(ExplorerVariant.C3);
        var (began, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        stage.Answer(async _ =>
        {
            began.SetResult();
            await going.Task.WaitAsync(House.Soon);
            return new(HttpStatusCode.OK) { Content = new ByteArrayContent(ExplorerStage.Film) };
        });
        var upload = device.UploadAsync(new("pic.jpg", "1.0.0", new MemoryStream([1, 2, 3])), null, House.Soon);
        Assert.Contains("\"request_id\":\"1\"", await stage.HearAsync("request_url"), StringComparison.Ordinal);
        stage.SayUpdate();
        var fetched = device.ReceiveAsync(null, House.Soon);
        await began.Task.WaitAsync(House.Soon);
        stage.SayUrl("1");
        stage.SayDelete("lost");
        await ExplorerStage.ReadAsync(device);
        going.SetResult();
        Assert.Equal("dl.bin", (await fetched).Resource.Name);
        // Its question went unanswered: it asks anew
        Assert.Contains("\"request_id\":\"2\"", await stage.HearAsync("request_url"), StringComparison.Ordinal);
        stage.Answer(HttpStatusCode.OK);
        stage.SayUrl("2");
        Assert.Equal((TransferEnding.Ok, 2), ((await upload).Ending, (await upload).Attempts));
        stage.SayDelete("f0");
        Assert.Equal("f0", (await device.ReceiveAsync(null, House.Soon)).Resource.Name);
    }

    [Theory]
    [InlineData(ExplorerVariant.C3, "\"result_code\":\"-1\", \"result_msg\":\"post_fail\"")]
    [InlineData(ExplorerVariant.V4, "\"state\":\"fail\",\"result_code\":\"-8\", \"result_msg\":\"post_fail\"")]
    public async Task A_refused_upload_is_reported_and_asked_for_again(ExplorerVariant variant, string report)
    {
        await using var stage = await ExplorerStage.StartAsync();
        await using var device = await stage.DeviceAsync(variant);
        var upload = device.UploadAsync(new("pic.jpg", "1.0.0", new MemoryStream([1, 2, 3])) { RequestId = "7" }, null, House.Soon);
        foreach (var status in (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.OK])
        {
            await stage.HearAsync("request_url");
            stage.Answer(status);
            stage.SayUrl("7");
            if (status == HttpStatusCode.Forbidden)
                Assert.Contains(report, await stage.HearAsync("report_post_result"), StringComparison.Ordinal);
        }
        Assert.Equal((TransferEnding.Ok, 2), ((await upload).Ending, (await upload).Attempts));
    }

    [Fact]
    public async Task Java_clears_its_directory_whatever_it_is_told_to_delete()
    {
        await using var stage = await ExplorerStage.StartAsync();
        await using var device = await stage.DeviceAsync(ExplorerVariant.Java);
        stage.Answer(HttpStatusCode.OK, ExplorerStage.Film);
        stage.SayUpdate();
        Assert.True((await device.ReceiveAsync(null, House.Soon)).IsOk);
        Assert.Equal(["dl.bin"], stage.Files.Names);
        stage.SayDelete("other");
        Assert.True((await device.ReceiveAsync(null, House.Soon)).IsOk);
        Assert.Empty(stage.Files.Names);
        Assert.Empty(device.Held);
    }
}
