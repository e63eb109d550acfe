using System.Buffers;
using System.Text.Unicode;
using Waybill.Mqtt;

namespace Waybill.Cli.Bench;

/// <summary>What is measured, and for how long.</summary>
sealed record BenchPlan(int Devices, TimeSpan Time, int Rounds, bool Progress, bool Acknowledged)
{
    public const string Product = "BENCHMARKS";

    /// <summary>Files of one run have names of their own, so that every request opens a transfer.</summary>
    readonly int _run = Environment.TickCount;

    public MqttQos Qos => Acknowledged ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce;

    public string Kind => Progress ? "report_upload_progress" : "create_upload_task";

    public static string Device(int index) => $"dev{index:D5}";

    /// <summary>Enough that everything that is compiled while it runs has been.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Max(8, Time.TotalSeconds));

    /// <summary>Progress is reported of an upload that the first request asks for.</summary>
    public void WriteRequest(IBufferWriter<byte> output, int round, long count)
    {
        var span = output.GetSpan(256);
        int length;
        if (Progress && count > 0)
            Utf8.TryWrite(span, $$$"""{"type":"report_upload_progress","name":"p{{{_run}}}-{{{round}}}.bin","progress":{"state":"uploading","percent":{{{count % 100}}},"result_code":0,"result_msg":""}}""", out length);
        else
            Utf8.TryWrite(span, $$$"""{"type":"create_upload_task","size":100,"name":"{{{(Progress ? 'p' : 'f')}}}{{{_run}}}-{{{round}}}{{{(Progress ? "" : $"-{count}")}}}.bin","md5sum":"d41d8cd98f00b204e9800998ecf8427e"}""", out length);
        output.Advance(length);
    }
}
