using System.Net.Security;
using System.Text;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Tests.Api;
using Xunit;

namespace Waybill.Tests.Gate;

public sealed class MqttTlsStories
{
    const string User = "ABCDE12345dev001;12010126;abcde;2147483647";
    const string Password = "c32c1fd86fc1deb02694c27abfaec9daac6683c5007416e99b78ea654d3cc0c6;hmacsha256";

    [Fact]
    public async Task A_device_signs_in_over_tls_and_is_answered_there_with_the_newest_certificate()
    {
        using var pems = new PemFiles();
        pems.Write("first");
        await using var house = await House.StartAsync(("Tls:Certificate", pems.Certificate), ("Tls:Key", pems.Key));
        await house.DeviceAsync();
        Assert.Equal("CN=first", await AskAsync(house));
        pems.Write("second");
        Assert.Equal("CN=second", await AskAsync(house));
    }

    /// <summary>The subject of the certificate under which an upload was asked for and answered.</summary>
    static async Task<string> AskAsync(House house)
    {
        var subject = "";
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var device = await MqttClient.ConnectAsync(
            new MqttClientOptions
            {
                Host = "127.0.0.1",
                Port = house.Server.MqttTlsPort,
                // the test looks at what is served, it does not trust it
                Tls = new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => (subject = certificate!.Subject).Length > 0,
                },
                Connect = new MqttConnect { ClientId = "ABCDE12345dev001", UserName = User, Password = Encoding.ASCII.GetBytes(Password), KeepAliveSeconds = 60 },
                OnMessage = (_, message, _) =>
                {
                    answer.TrySetResult(Encoding.UTF8.GetString(message.Payload.Span));
                    return ValueTask.CompletedTask;
                },
            },
            House.Soon);
        await device.SubscribeAsync("$resource/down/service/ABCDE12345/dev001", MqttQos.AtLeastOnce, House.Soon);
        await device.PublishAsync(
            "$resource/up/service/ABCDE12345/dev001",
            """{"type":"create_upload_task","size":3,"name":"tls.bin","md5sum":"900150983cd24fb0d6963f7d28e17f72"}"""u8.ToArray(),
            MqttQos.AtLeastOnce,
            House.Soon);
        Assert.Contains("create_upload_task_rsp", await answer.Task.WaitAsync(House.Soon), StringComparison.Ordinal);
        return subject;
    }
}
