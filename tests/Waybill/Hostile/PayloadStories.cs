using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Waybill.Mqtt;
using Xunit;

namespace Waybill.Tests.Hostile;

/// <summary>What devices must not send: counted, warned of, acknowledged, and of no consequence to anybody.</summary>
public sealed class PayloadStories
{
    const string Md5 = "9bb57f821953f3c232116e38badc8e96";

    static readonly string[] s_nonsense =
    [
        "", " ", "{", "}", "[]", "null", "true", "42", "\"text\"", "hello", "{]", "{\"type\"}", "{\"type\":}",
        "{\"type\":\"create_upload_task\"", "{'type':'get_download_task'}",
        """{"type":"get_download_task"}{}""", """{"type":"get_download_task"} x""", """{"type":"get_download_task","a":01x}""",
        "{\"type\":\"get_download_task\",\"a\":\"\n\"}",
        """{"type":"get_download_task","a":"\u0000"}""", """{"type":"get_download_task","a":"\ud800"}""",
        """{"type":"get_download_task","a":"\udc00\ud800"}""", """{"type":"get_download_task","a":"\x"}""",
        "{\"type\":\"get_download_task\",\"a\":\"\0\"}",
        "{}", """{"type":null}""", """{"type":7}""", """{"type":["get_download_task"]}""", """{"type":""}""", """{"type":"unknown"}""",
        """{"type":"create_upload_task_rsp"}""", """{"type":"GET_DOWNLOAD_TASK"}""",
        """{"type":"create_upload_task"}""",
        Create(size: "\"many\""), Create(size: "null"), Create(size: "true"), Create(size: "1.5"), Create(size: "-1"),
        Create(size: "-9223372036854775808"), Create(size: "9223372036854775807"),
        Create(size: "99999999999999999999999999"), Create(size: "1e400"), Create(size: "2147483649000"), Create(size: "{}"),
        Create(md5: "\"\""), Create(md5: "null"), Create(md5: "12"), Create(md5: "\"9bb57f821953f3c232116e38badc8e9\""),
        Create(md5: "\"9bb57f821953f3c232116e38badc8e96a\""), Create(md5: "\"gbb57f821953f3c232116e38badc8e96\""),
        Create(name: ""), Create(name: "a/b"), Create(name: "/etc/passwd"), Create(name: "a\\\\b"), Create(name: ".."), Create(name: "."),
        Create(name: "a..b"), Create(name: "a\\\"b"), Create(name: "{a}"), Create(name: "a]"),
        Create(name: "a\\nb"), Create(name: "a\\u0001"), Create(name: "a\\u007f"), Create(name: "a\\u0085"),
        Create(name: new string('a', 256)), Create(name: new string('é', 128)), Create(name: "a\\u0000b"), Create(name: "a\\ud800b"),
        """{"type":"create_upload_task","size":1,"name":7,"md5sum":"9bb57f821953f3c232116e38badc8e96"}""",
        """{"type":"report_upload_progress","name":"a"}""", """{"type":"report_upload_progress","name":"a","progress":7}""",
        """{"type":"report_upload_progress","name":"a","progress":{}}""",
        """{"type":"report_upload_progress","name":"a","progress":{"state":"lost","result_code":0,"result_msg":""}}""",
        """{"type":"report_upload_progress","name":"a","progress":{"state":"done","result_code":"x","result_msg":""}}""",
        """{"type":"report_download_progress","name":"a/b","progress":{"state":"done","result_code":0,"result_msg":""}}""",
        """{"type":"report_download_progress","progress":{"state":"done","result_code":0,"result_msg":""}}""",
        """{"type":"report_upload_progress","name":"a","progress":{"state":"uploading","percent":"half","result_code":0,"result_msg":""}}""",
        string.Concat(Enumerable.Repeat("{\"a\":", 5000)), "{\"type\":\"get_download_task\",\"a\":" + new string('[', 3000) + new string(']', 3000) + "}", "{\"type\":\"get_download_task\",\"a\":\"" + new string('a', 20_000) + "\"}",
    ];

    static readonly string[] s_members =
    [
        "\"type\":", "\"create_upload_task\"", "\"report_upload_progress\"", "\"get_download_task\"", "\"name\":\"a\"", "\"size\":1",
        "\"md5sum\":\"" + Md5 + "\"", "\"progress\":{\"state\":\"done\",\"result_code\":0,\"result_msg\":\"\"}",
    ];

    static readonly byte[][] s_bytes = [[0], [0xFF, 0xFE, 0x7B, 0x00], [.. "{\"type\":\"get_download_task\",\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8], [.. "{\"type\":\"get_download_task\",\"a\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8], new byte[200_000]];

    [Fact]
    public async Task Nonsense_is_counted_warned_of_and_acknowledged()
    {
        await using var house = await HostileServer.StartAsync();
        await using var device = await house.DeviceAsync(0);
        await using var other = await house.DeviceAsync(1);
        var warnings = 0;
        foreach (var payload in (IEnumerable<byte[]>)[.. s_nonsense.Select(Encoding.UTF8.GetBytes), .. s_bytes])
        {
            // acknowledged, or this does not end
            await device.SayAsync(payload);
            var counted = await Metrics.NonsenseAsync(house.Server.Http);
            Assert.True(counted == ++warnings, $"{counted} counted, {warnings} sent: {Encoding.UTF8.GetString(payload.AsSpan(0, Math.Min(200, payload.Length)))}");
        }
        foreach (var type in (string[])["create_upload_task_rsp", "report_upload_progress_rsp", "report_download_progress_rsp", "get_download_task_rsp"])
            Assert.False(device.HasHeard(type));
        await house.WorksAsync(device);
        await house.WorksAsync(other);
        await Eventually.IsAsync("a warning each", () => house.Server.Output.Split("not answered").Length - 1 == warnings);
        await house.HasCleanLogAsync();
    }

    [Fact]
    public async Task Whatever_a_device_says_it_is_heard_out_and_the_next_word_is_answered()
    {
        await using var house = await HostileServer.StartAsync();
        await using var device = await house.DeviceAsync(0);
        await using var other = await house.DeviceAsync(1);
        foreach (var payload in Generated.Sample(400, 60))
            await device.SayAsync(payload, payload.Length % 2 == 0 ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce);
        await house.WorksAsync(device);
        await house.WorksAsync(other);
        await house.HasCleanLogAsync();
    }

    [Fact]
    public async Task A_packet_over_the_limit_ends_its_own_session_only()
    {
        await using var house = await HostileServer.StartAsync();
        await using var other = await house.DeviceAsync(1);
        await using (var device = await house.DeviceAsync(0))
        {
            await Assert.ThrowsAnyAsync<Exception>(() => device.SayAsync(new byte[300_000]));
            await device.Mqtt.Closed.WaitAsync(House.Soon);
        }
        await using var again = await house.DeviceAsync(0);
        await house.WorksAsync(again);
        await house.WorksAsync(other);
        await house.HasCleanLogAsync();
    }

    /// <summary>Pieces of messages in any order, with bytes that change what a reader is doing.</summary>
    static Gen<byte[]> Generated =>
        from pieces in Gen.ArrayOf(Gen.Frequency(
            (3, Gen.Elements("{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\ud83d", "，", "//", "\0", "\n", "-", "1e9", "null")),
            (2, Gen.Elements(s_members))))
        from noise in Gen.Choose(0, 255)
        from place in Gen.Choose(0, 200)
        select Noisy(Encoding.UTF8.GetBytes("{" + string.Concat(pieces)), place, (byte)noise);

    static byte[] Noisy(byte[] bytes, int place, byte noise)
    {
        if (place < bytes.Length)
            bytes[place] = noise;
        return bytes;
    }

    static string Create(string name = "a", string size = "1", string md5 = "\"" + Md5 + "\"") =>
        $$"""{"type":"create_upload_task","size":{{size}},"name":"{{name}}","md5sum":{{md5}}}""";
}
