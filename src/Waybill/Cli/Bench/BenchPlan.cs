using System.Buffers;
using System.Text.Unicode;
using Waybill.Mqtt;
using Waybill.Protocols.TencentExplorer;
using Waybill.Protocols.TencentHub;

namespace Waybill.Cli.Bench;

/// <summary>What devices send.</summary>
enum BenchKind
{
    /// <summary>They ask for the URL of an upload.</summary>
    Create,

    /// <summary>They report the progress of one.</summary>
    Progress,

    /// <summary>They say what they hold: ten files, of which one has changed since the last time.</summary>
    Versions,
}

/// <summary>What is measured, and for how long.</summary>
sealed record BenchPlan(int Devices, TimeSpan Time, int Rounds, BenchKind Kind, bool Acknowledged)
{
    public const string Product = "BENCHMARKS";

    const int HeldFiles = 10;

    /// <summary>Files of one run have names of their own, so that every request opens a transfer.</summary>
    readonly int _run = Environment.TickCount;

    public MqttQos Qos => Acknowledged ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce;

    public string Message => Kind switch
    {
        BenchKind.Progress => "report_upload_progress",
        BenchKind.Versions => "report_version",
        _ => "create_upload_task",
    };

    public static string Device(int index) => $"dev{index:D5}";

    /// <summary>Enough that everything that is compiled while it runs has been.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Max(8, Time.TotalSeconds));

    public string Up(string device) => Kind == BenchKind.Versions ? ExplorerTopics.Up(Product, device) : HubTopics.Up(Product, device);

    public string Down(string device) => Kind == BenchKind.Versions ? ExplorerTopics.Down(Product, device) : HubTopics.Down(Product, device);

    public void WriteRequest(IBufferWriter<byte> output, int round, long count)
    {
        var span = output.GetSpan(2048);
        output.Advance(Kind switch
        {
            // progress is reported of an upload that the first request asks for
            BenchKind.Progress when count > 0 => WriteProgress(span, round, count),
            BenchKind.Versions => WriteVersions(span, round, count),
            _ => WriteCreate(span, round, count),
        });
    }

    int WriteProgress(Span<byte> span, int round, long count)
    {
        Utf8.TryWrite(span, $$$"""{"type":"report_upload_progress","name":"p{{{_run}}}-{{{round}}}.bin","progress":{"state":"uploading","percent":{{{count % 100}}},"result_code":0,"result_msg":""}}""", out var length);
        return length;
    }

    int WriteCreate(Span<byte> span, int round, long count)
    {
        var (mark, number) = Kind == BenchKind.Progress ? ('p', "") : ('f', $"-{count}");
        Utf8.TryWrite(span, $$"""{"type":"create_upload_task","size":100,"name":"{{mark}}{{_run}}-{{round}}{{number}}.bin","md5sum":"d41d8cd98f00b204e9800998ecf8427e"}""", out var length);
        return length;
    }

    /// <summary>Each file in its turn.</summary>
    static int WriteVersions(Span<byte> span, int round, long count)
    {
        Utf8.TryWrite(span, $$"""{"method":"report_version","report":{"resource_list":[""", out var length);
        for (var i = 0; i < HeldFiles; i++)
        {
            var changes = (count + HeldFiles - 1 - i) / HeldFiles;
            Utf8.TryWrite(span[length..], $$"""{"resource_name":"audio_{{i}}","version":"{{round}}.{{changes}}","resource_type":"AUDIO"},""", out var entry);
            length += entry;
        }
        // over the last comma
        return "]}}"u8.TryCopyTo(span[(length - 1)..]) ? length + 2 : length;
    }
}
