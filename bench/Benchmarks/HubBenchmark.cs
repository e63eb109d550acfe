using System.Buffers;
using BenchmarkDotNet.Attributes;
using Waybill.Protocols.TencentHub;

namespace Waybill.Benchmarks;

/// <summary>A device's request read, its answer written. Reading allocates the message and its name, writing nothing.</summary>
[MemoryDiagnoser]
public class HubBenchmark
{
    static readonly byte[] s_create =
        [.. """{"type":"create_upload_task","size":100,"name":"f4711-12.bin","md5sum":"d41d8cd98f00b204e9800998ecf8427e"}"""u8];

    static readonly byte[] s_progress =
        [.. """{"type":"report_upload_progress","name":"f4711-12.bin","progress":{"state":"uploading","percent":37,"result_code":0,"result_msg":""}}"""u8];

    readonly ArrayBufferWriter<byte> _output = new(HubDownWriter.MaxPayload);
    HubResource _resource;

    [GlobalSetup]
    public void Fill()
    {
        HubUpReader.TryRead(s_create, out var message, out _);
        _resource = ((CreateUploadTask)message!).Resource;
    }

    [Benchmark]
    public bool ReadCreate() => HubUpReader.TryRead(s_create, out _, out _);

    [Benchmark]
    public bool ReadProgress() => HubUpReader.TryRead(s_progress, out _, out _);

    [Benchmark]
    public int WriteUrl()
    {
        _output.ResetWrittenCount();
        HubDownWriter.TryCreateUploadTaskResponse(_output, _resource, "http://192.168.1.20/o/Jc0dG0JmM5bCkQm3qZx1Yw");
        return _output.WrittenCount;
    }
}
