using System.Buffers;
using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class DjiAnswersTests
{
    static readonly DjiHead Head = new("T", "B", "m", "DOCK", 1700000000000);
    static readonly DjiStorage Storage = new("aws", "https://s3.example", "us-east-1", "media", new("KEY", "SECRET", "TOKEN", 1700003600000));

    static string Data(DjiAnswer answer)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(DjiAnswers.TryWrite(output, Head, answer), output.WrittenCount > 0);
        const string Start = """{"tid":"T","bid":"B","timestamp":1700000000000,"gateway":"DOCK","method":"m","data":""";
        var text = output.Text();
        return text.Length == 0 ? "" : text.StartsWith(Start, StringComparison.Ordinal) ? text[Start.Length..^1] : text;
    }

    [Fact]
    public void A_licence_is_flat() =>
        Assert.Equal(
            """{"ntp_server_host":"ntp.example","ntp_server_port":123,"app_id":"12345","app_key":"key","app_license":"li+/=cence"}""",
            Data(new DjiConfig("12345", "key", "li+/=cence", "ntp.example")));

    [Fact]
    public void Results_say_no_more_than_their_code()
    {
        Assert.Equal("""{"result":0}""", Data(new DjiResult(0)));
        Assert.Equal("""{"result":314000}""", Data(new DjiResult(DjiErrorCodes.NotPossible)));
    }

    [Fact]
    public void Whether_devices_are_bound_is_told_of_each() =>
        Assert.Equal(
            """{"result":0,"output":{"bind_status":["""
            + """{"sn":"DOCK","is_device_bind_organization":true,"organization_id":"org-1","organization_name":"Fire brigade","device_callsign":"Roof"},"""
            + """{"sn":"DRONE","is_device_bind_organization":false,"organization_id":"","organization_name":"","device_callsign":""}]}}""",
            Data(new DjiBindStatus([new("DOCK", new("Fire brigade", "org-1"), "Roof"), new("DRONE", null, "")])));

    [Fact]
    public void An_organization_has_a_name_and_bindings_have_codes()
    {
        Assert.Equal("""{"result":0,"output":{"organization_name":"消防"}}""", Data(new DjiOrganization("消防", "org-1")));
        Assert.Equal(
            """{"result":0,"output":{"err_infos":[{"sn":"DOCK","err_code":0},{"sn":"DRONE","err_code":210229}]}}""",
            Data(new DjiBindOutcome([new("DOCK", 0), new("DRONE", DjiErrorCodes.BadBindingCode)])));
    }

    [Fact]
    public void A_bucket_for_media_ends_in_seconds_from_now() =>
        Assert.Equal(
            """{"result":0,"output":{"bucket":"media","region":"us-east-1","endpoint":"https://s3.example","provider":"aws","""
            + "\"credentials\"" + """:{"access_key_id":"KEY","access_key_secret":"SECRET","security_token":"TOKEN","expire":3600},"object_key_prefix":"media/DOCK/"}}""",
            Data(new DjiMediaStorage(Storage, "media/DOCK/")));

    [Fact]
    public void What_no_dock_could_use_is_not_written()
    {
        Assert.Equal("", Data(new DjiMediaStorage(Storage with { Endpoint = "s3.example" }, "")));
        Assert.Equal("", Data(new DjiOrganization("\ud83d")));
        Assert.Equal("", Data(new DjiOrganization(new string('o', DjiAnswers.MaxPayload))));
    }

    [Fact]
    public void A_licence_shows_no_secret()
    {
        var text = new DjiConfig("12345", "KEY", "LICENCE", "ntp.example").ToString();
        Assert.Contains("12345", text, StringComparison.Ordinal);
        Assert.DoesNotContain("KEY", text, StringComparison.Ordinal);
        Assert.DoesNotContain("LICENCE", text, StringComparison.Ordinal);
    }
}
