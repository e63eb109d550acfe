using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FsCheck;
using FsCheck.Fluent;
using Waybill.Protocols;
using Waybill.Protocols.Json;
using Waybill.Protocols.TencentHub;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class HubFuzzTests
{
    static readonly Config Thousands = Config.QuickThrowOnFailure.WithMaxTest(4000).WithQuietOnSuccess(true);

    static readonly byte[][] Seeds =
    [
        Bytes.Of("""{"type": "create_upload_task","size": 234567,"name": "\u5f55a","md5sum": "c4f84378c4983a2b0e53f5aa7f775b6b"}"""),
        Bytes.Of("""{"type":"report_upload_progress","name":"uploadtest","progress":{"percent":23,"state":"uploading","result_code":0,"result_msg":"\ud83d\ude00"}}"""),
        Bytes.Of("""{"type": "get_download_task"，"x":[{"y":[1,-2.5e3,true,null]}],}"""),
        Bytes.Of("""{"type":"download","size":401463,"name":"test","md5sum":"9bb57f821953f3c232116e38badc8e96","url":"http://h/o/a"}"""),
        Bytes.Of("""{"type":"report_upload_progress_rsp","result_code":"-1","result_msg":"ok"}"""),
    ];

    /// <summary>Bytes that change what a JSON reader is doing.</summary>
    static readonly byte[] Hostile = [.. "{}[]\",:\\/u09-+eE.tfn \n\0"u8, 0x7F, 0x80, 0xC3, 0xEF, 0xBC, 0x8C, 0xED, 0xA0, 0xF4, 0xFF];

    static Gen<byte[]> Mutated =>
        from seed in Gen.Elements(Seeds)
        from length in Gen.Frequency((3, Gen.Constant(seed.Length)), (1, Gen.Choose(0, seed.Length)))
        from edits in Gen.ArrayOf(Gen.Choose(0, seed.Length - 1).Zip(Gen.Elements(Hostile)))
        select Edit(seed[..length], edits);

    static byte[] Edit(byte[] bytes, (int At, byte Value)[] edits)
    {
        var copy = bytes.ToArray();
        foreach (var (at, value) in edits.Take(4).Where(e => e.At < copy.Length))
            copy[at] = value;
        return copy;
    }

    [Fact]
    public void Truncated_and_mutated_payloads_are_read_or_faulted_never_thrown() =>
        Prop.ForAll(Mutated.ToArbitrary(), ReadsOrFaults).Check(Thousands);

    [Fact]
    public void Random_bytes_are_read_or_faulted_never_thrown() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Elements(Hostile)).Select(b => (byte[])[(byte)'{', .. b]).ToArbitrary(), ReadsOrFaults).Check(Thousands);

    [Fact]
    public void Every_prefix_of_a_message_is_nonsense()
    {
        foreach (var seed in Seeds)
        {
            for (var length = 0; length < seed.Length; length++)
            {
                Assert.False(HubUpReader.TryRead(seed.AsSpan(0, length), out _, out var fault));
                Assert.Equal(WireFaultKind.Nonsense, fault.Kind);
            }
        }
    }

    [Fact]
    public void What_the_strict_reader_accepts_the_lenient_one_accepts() =>
        Prop.ForAll(Mutated.ToArbitrary(), bytes => !IsStrictObject(bytes) || IsLenient(bytes) || HalfPair(bytes)).Check(Thousands);

    [Fact]
    public void Messages_come_back_from_either_sdk_s_bytes()
    {
        var names = Gen.Elements("a", "录像", "😀.mp4", "x y+&<>'", "dl.bin");
        var messages =
            from name in names
            from size in Gen.Choose(0, int.MaxValue)
            from upper in Gen.Choose(0, int.MaxValue)
            from state in Gen.Elements(HubState.Running, HubState.Done, HubState.Fail)
            from code in Gen.Choose(-5, 5)
            from msg in Gen.Elements("", "time_out", "\"\\\n\t\u0001é录😀")
            from kind in Gen.Choose(0, 3)
            select (HubUp)(kind switch
            {
                0 => new CreateUploadTask(new(name, size, new(new(new UInt128((ulong)upper * 31, (ulong)size))))),
                1 => new ReportUploadProgress(name, new(state, null, code, msg)),
                2 => new ReportDownloadProgress(name, new(state, null, code, msg)),
                _ => new GetDownloadTask(),
            });
        Prop.ForAll(messages.ToArbitrary(), message => ComesBack(message, HubVariant.C) && ComesBack(message, HubVariant.Python)).Check(Thousands);
    }

    static bool ReadsOrFaults(byte[] bytes)
    {
        var up = HubUpReader.TryRead(bytes, out var message, out var fault);
        var down = HubDownReader.TryRead(bytes, out var answer, out var downFault);
        return up == message is not null && up == fault.Reason is null && down == answer is not null && down == downFault.Reason is null;
    }

    static bool ComesBack(HubUp message, HubVariant variant)
    {
        var output = new ArrayBufferWriter<byte>();
        return HubUpWriter.TryWrite(output, message, variant)
            && HubUpReader.TryRead(output.WrittenSpan, out var back, out _)
            && back == message;
    }

    static bool IsLenient(byte[] bytes)
    {
        var json = new LenientJson(bytes);
        while (json.Next(out _, out _))
        {
        }
        return json.Fault is null;
    }

    static bool IsStrictObject(byte[] bytes)
    {
        // The strict reader looks at the inside of strings only when it is asked for them.
        if (!Utf8.IsValid(bytes))
            return false;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The strict reader leaves U+0000 and half pairs in escapes to the caller; we refuse them at once.</summary>
    static bool HalfPair(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.Contains("\\u0000", StringComparison.Ordinal) || text.Contains("\\ud", StringComparison.OrdinalIgnoreCase);
    }
}
