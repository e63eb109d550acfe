using System.Text;
using Waybill.Tracing;
using Xunit;

namespace Waybill.Tests.Tracing;

/// <summary>Payloads as dialects and devices send them, and what is shown of them.</summary>
public sealed class RedactionTests
{
    [Theory]
    // the hub's answer to create_upload_task, slashes escaped as some servers do
    [InlineData("""{"type":"create_upload_task_rsp","name":"a.jpg","url":"http://files.example/o/q83vEjRWeJCrze8SNFZ4kA"}""",
        """{"type":"create_upload_task_rsp","name":"a.jpg","url":"http://files.example/o/***"}""")]
    [InlineData("""{"url":"http:\/\/files.example\/o\/q83vEjRWeJCrze8SNFZ4kA"}""", """{"url":"http://files.example/o/***"}""")]
    // explorer: a URL of COS, and the token of the upload
    [InlineData("""{"method":"get_upload_url_reply","request_id":"r1","resource_url":"https://b.cos.example/k/a.wav?sign=q-sign-algorithm%3Dsha1&q-ak=AKID","resource_token":"tok-1234"}""",
        """{"method":"get_upload_url_reply","request_id":"r1","resource_url":"https://b.cos.example/k/a.wav?***","resource_token":"***"}""")]
    // dji: storage_config_get and fileupload_start
    [InlineData("""{"data":{"result":0,"output":{"bucket":"media","credentials":{"access_key_id":"AK1","access_key_secret":"SK1","expire":3600,"security_token":"ST1"},"endpoint":"http://s3.example","object_key_prefix":"media/DOCK1"}}}""",
        """{"data":{"result":0,"output":{"bucket":"media","credentials":{"access_key_id":"***","access_key_secret":"***","expire":3600,"security_token":"***"},"endpoint":"http://s3.example","object_key_prefix":"media/DOCK1"}}}""")]
    [InlineData("""{"method":"fileupload_start","data":{"bucket":"logs","credentials":{"access_key_id" : "AK1", "access_key_secret":"SK1","security_token":"ST1"},"params":{"files":[{"object_key":"logs/1/3/a.tar"}]}}}""",
        """{"method":"fileupload_start","data":{"bucket":"logs","credentials":{"access_key_id" : "***", "access_key_secret":"***","security_token":"***"},"params":{"files":[{"object_key":"logs/1/3/a.tar"}]}}}""")]
    // dji: config, and the binding code that a dock brings
    [InlineData("""{"method":"config","data":{"app_id":"123","app_key":"K","app_license":"L","ntp_server_host":"ntp"}}""",
        """{"method":"config","data":{"app_id":"123","app_key":"***","app_license":"***","ntp_server_host":"ntp"}}""")]
    [InlineData("""{"bind_devices":[{"device_binding_code":"code1234","organization_id":"brigade","sn":"DOCK1"}]}""",
        """{"bind_devices":[{"device_binding_code":"***","organization_id":"brigade","sn":"DOCK1"}]}""")]
    // numbers of messages are none; what is missing may be seen
    [InlineData("""{"method":"control","clientToken":"v1530235036","params":{"pwd":"","psk":null}}""", """{"method":"control","clientToken":"v1530235036","params":{"pwd":"","psk":null}}""")]
    [InlineData("""{"secret":{"a":["x",{"b":"}"}]},"after":1,"Session-Token":12345,"last":[1,2]}""", """{"secret":"***","after":1,"Session-Token":"***","last":[1,2]}""")]
    // no JSON, or cut
    [InlineData("""{"token":"abc""", """{"token":"***" """)]
    [InlineData("""{"password":['x','y""", """{"password":"***" """)]
    [InlineData("user=me&password=hunter2&x=1", "user=me&password=***&x=1")]
    [InlineData("{'password':'hunter2','n':1}", "{'password':'***','n':1}")]
    [InlineData("""{token:"hunter2",n:1,pwd: "",x:"y"}""", """{token:"***",n:1,pwd: "",x:"y"}""")]
    [InlineData("wifi_psk: hunter2, channel: 6", "wifi_psk: ***, channel: 6")]
    [InlineData("Authorization: Bearer abc.def", "Authorization: *** ***")]
    [InlineData("rtsp://me:hunter2@camera.example/live?token=x", "rtsp://***@camera.example/live?***")]
    [InlineData("b8d8b33a0ee5e2b9b5ce2f3b6a3a9b1c0d3c4e5f;hmacsha1", "***")]
    // JSON in a text in JSON, names with escapes
    [InlineData("""{"inner":"{\"device_secret\":\"hunter2\",\"n\":1}"}""", """{"inner":"{\"device_secret\":\"***\",\"n\":1}"}""")]
    [InlineData("""{"pass\u0077ord":"hunter2"}""", """{"pass\u0077ord":"***"}""")]
    [InlineData("""{"text":"line\nbreak \"quoted\""}""", """{"text":"line\nbreak \"quoted\""}""")]
    public void A_payload_is_shown_without_its_secrets(string payload, string shown) => Assert.Equal(shown.TrimEnd(), Redaction.Of(payload));

    [Fact]
    public void Nothing_of_any_length_makes_it_fail()
    {
        var all = """{"a":"\"http://x/o/q83vEjRWeJCrze8SNFZ4kA?b\\","token":[{"x":"\u00"}],"s":"http:\/\/x/o/abc\ud800","n":1e5}\""" + "\\";
        for (var from = 0; from < all.Length; from++)
        {
            for (var to = from; to <= all.Length; to++)
                Redaction.Of(all[from..to]);
        }
        for (var to = all.IndexOf("q83v", StringComparison.Ordinal) + 4; to <= all.Length; to++)
            Assert.DoesNotContain("q83v", Redaction.Of(all[..to]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_payload_is_cut_and_says_so()
    {
        var payload = PayloadText.Of(Encoding.UTF8.GetBytes(new string('é', 5000)));
        Assert.Equal((4096, 10_000, true), (payload.Text!.Length, payload.Bytes, payload.IsCut));
        var longer = PayloadText.Of(Encoding.UTF8.GetBytes("x" + new string('é', 50_000)));
        Assert.Equal((4096, 100_001, true), (longer.Text!.Length, longer.Bytes, longer.IsCut));
        var whole = PayloadText.Of("short"u8);
        Assert.Equal(("short", null, 5, false), (whole.Text, whole.Hex, whole.Bytes, whole.IsCut));
    }

    [Fact]
    public void A_payload_that_is_no_text_is_shown_as_its_first_bytes()
    {
        var payload = PayloadText.Of([0xff, 1, .. new byte[200]]);
        Assert.Equal((null, 202, true), (payload.Text, payload.Bytes, payload.IsCut));
        Assert.StartsWith("ff0100", payload.Hex, StringComparison.Ordinal);
        Assert.Equal(128, payload.Hex!.Length);
        Assert.Null(PayloadText.Of([0]).Text);
    }

    [Fact]
    public void A_secret_at_the_cut_is_not_shown_in_part()
    {
        for (var before = 4030; before < 4110; before++)
        {
            var payload = PayloadText.Of(Encoding.UTF8.GetBytes($"{{\"x\":\"{new string(' ', before)}\",\"access_key_secret\":\"hunter2hunter2\"}}"));
            Assert.DoesNotContain("hunter", payload.Text, StringComparison.Ordinal);
        }
    }
}
