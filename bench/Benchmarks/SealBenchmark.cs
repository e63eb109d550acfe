using BenchmarkDotNet.Attributes;
using Waybill.Data;

namespace Waybill.Benchmarks;

/// <summary>A URL token made and read.</summary>
[MemoryDiagnoser]
public class SealBenchmark
{
    readonly Seal _seal = new(new byte[32]);
    string _text = "";

    [GlobalSetup]
    public void Fill() => _text = Write();

    [Benchmark]
    public string Write() => _seal.Write(123_456, 1_800_000_000_000, SealPurpose.UploadUrl);

    [Benchmark]
    public bool Read() => _seal.TryRead(_text, SealPurpose.UploadUrl, out _, out _);
}
