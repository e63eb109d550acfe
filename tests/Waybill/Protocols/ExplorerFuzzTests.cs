using System.Buffers;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Waybill.Protocols;
using Waybill.Protocols.TencentExplorer;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class ExplorerFuzzTests
{
    static readonly Config Thousands = Config.QuickThrowOnFailure.WithMaxTest(3000).WithQuietOnSuccess(true);

    static readonly byte[][] Seeds =
    [
        Bytes.Of("""{"method":"report_version","report":{"resource_list":[{"resource_name":"a","version":"1.0.0","resource_type":"FILE"},{"resource_name":"b"}]}}"""),
        Bytes.Of("""{"method": "report_progress", "report": {"progress": {"resource_name":"dl.bin","state":"downloading", "percent":"41", "result_code":"0", "result_msg":""}, "version": "1.0.0"}}"""),
        Bytes.Of("""{"method":"report_result", "report":{"progress":{"resource_name":"\u5f55","state":"done", "result_code":"-3","result_msg":"time_out"}, "version":"1.0.0"}}"""),
        Bytes.Of("""{"method":"request_url","request_id":-12.5e3，"report":{"resource_name":"pic.jpg","version":"1.0.0","resource_type":"FILE",}}"""),
        Bytes.Of("""{"method":"report_post_result","report":{"progress":{"resource_token":"tok-123","state":"done","result_code":"0", "result_msg":"success"}}}"""),
        Bytes.Of("""{"method":"update_resource","resource_name":"a","resource_type":"FILE","version":"1","url":"http://h/o/a","md5sum":"cc03e747a6afbbcbf8be7668acfebee5","file_size":109499}"""),
        Bytes.Of("""{"method":"report_version_rsp","result_code":"0","result_msg":"success","resource_list":[{"resource_name":"a","version":"1","resource_type":"FILE"}]}"""),
        Bytes.Of("""{"method":"request_url_resp","result_code":0,"result_msg":"success","resource_url":"u","resource_token":"t","request_id":"1"}"""),
    ];

    /// <summary>Bytes that change what a JSON reader is doing.</summary>
    static readonly byte[] Hostile = [.. "{}[]\",:\\/u09-+eE.tfn \n\0"u8, 0x7F, 0x80, 0xC3, 0xEF, 0xBC, 0x8C, 0xED, 0xA0, 0xF4, 0xFF];

    static Gen<byte[]> Mutated =>
        from seed in Gen.Elements(Seeds)
        from length in Gen.Frequency((3, Gen.Constant(seed.Length)), (1, Gen.Choose(0, seed.Length)))
        from edits in Gen.ArrayOf(Gen.Choose(0, seed.Length - 1).Zip(Gen.Elements(Hostile)))
        select Edit(seed[..length], edits);

    /// <summary>Names, versions, types, tokens and ids as nobody should send them, among good ones.</summary>
    static Gen<string> Texts =>
        Gen.Frequency(
            (3, Gen.Elements("a", "录像", "😀.mp4", "x y+&<>'", "", "..", "a/b", "a\"b", "a\\b", "{[]}", "\0", "007", "1e5", "\ud83d")),
            (1, Gen.Choose(1, 300).Select(n => new string('n', n))),
            (1, Gen.ArrayOf(Gen.Choose(0, 0xFFFF).Select(c => (char)c)).Select(c => new string(c))));

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
                Assert.False(ExplorerUpReader.TryRead(seed.AsSpan(0, length), out _, out var fault));
                Assert.Equal(WireFaultKind.Nonsense, fault.Kind);
            }
        }
    }

    [Fact]
    public void What_is_read_is_bounded_and_can_be_repeated() =>
        Prop.ForAll(Mutated.ToArbitrary(), bytes => !ExplorerUpReader.TryRead(bytes, out var message, out _) || message switch
        {
            ReportVersion report => Answers(report),
            RequestUrl request => Answers(request.Id),
            ReportUpdate report => IsBounded(report.Name, report.Version),
            DeleteResult result => IsBounded(result.Name, result.Version),
            ReportPostResult result => result.Token.Length is > 0 and <= ExplorerLimits.MaxToken,
            _ => false,
        }).Check(Thousands);

    [Fact]
    public void Whatever_is_written_is_strict_json_that_comes_back()
    {
        var commands =
            from name in Texts
            from version in Texts
            from type in Texts
            from url in Texts
            from size in Gen.Choose(-1, int.MaxValue)
            select (Resource: new ExplorerResource(name, version, type), Url: url, Size: size);
        Prop.ForAll(commands.ToArbitrary(), c =>
            IsNothingOr(o => ExplorerDownWriter.TryUpdateResource(o, c.Resource, c.Url, default, c.Size), new UpdateResource(c.Resource, c.Url, default, c.Size))
            && IsNothingOr(o => ExplorerDownWriter.TryDeleteResource(o, c.Resource), new DeleteResource(c.Resource))
            && IsNothingOr(o => ExplorerDownWriter.TryRequestUrlResponse(o, c.Url, c.Resource.Type, new(c.Resource.Name)), new RequestUrlResponse(new(c.Resource.Name), c.Url, c.Resource.Type))
            && Answers(new ReportVersion([c.Resource, c.Resource], 0))).Check(Thousands);
    }

    [Fact]
    public void Messages_come_back_from_every_sdk_s_bytes()
    {
        var messages =
            from name in Gen.Elements("a", "录像", "😀.mp4", "x y+&<>'")
            from state in Gen.Elements(ExplorerState.Running, ExplorerState.Burning, ExplorerState.Done, ExplorerState.Fail)
            from code in Gen.Choose(-8, 5)
            from msg in Gen.Elements("", "time_out", "\"\\\n\t\u0001é录😀")
            from number in Gen.Elements(true, false)
            from kind in Gen.Choose(0, 3)
            select (ExplorerUp)(kind switch
            {
                0 => new ReportUpdate(name, "1.0.0", new(state, state == ExplorerState.Running ? 41 : null, code, msg)),
                1 => new DeleteResult(name, "1.0.0", new(state, null, code, msg)),
                2 => new RequestUrl(new(number ? "17" : name, number), name, "1.0.0", "FILE"),
                _ => new ReportPostResult("tok-123", new(state, null, code, msg)),
            });
        Prop.ForAll(messages.ToArbitrary(), message => Enum.GetValues<ExplorerVariant>().All(v => ComesBack(message, v))).Check(Thousands);
    }

    static bool ReadsOrFaults(byte[] bytes)
    {
        var up = ExplorerUpReader.TryRead(bytes, out var message, out var fault);
        var down = ExplorerDownReader.TryRead(bytes, out var answer, out var downFault);
        return up == message is not null && up == fault.Reason is null && down == answer is not null && down == downFault.Reason is null;
    }

    static bool IsBounded(string name, string? version) =>
        ResourceNames.Refusal(name, ExplorerLimits.MaxNameUp) is null && (version is null || ResourceNames.Refusal(version, ExplorerLimits.MaxVersionUp) is null);

    static bool Answers(ReportVersion report)
    {
        var output = new ArrayBufferWriter<byte>();
        var leftOut = ExplorerDownWriter.ReportVersionResponse(output, [.. report.Resources]);
        return output.WrittenCount <= ExplorerDownWriter.MaxPayload
            && IsStrict(output.WrittenMemory)
            && ExplorerDownReader.TryRead(output.WrittenSpan, out var back, out _)
            && back is ReportVersionResponse { ResultCode: 0, Resources: var told }
            && told.Count == report.Resources.Count - leftOut
            && told.All(report.Resources.Contains);
    }

    static bool Answers(ExplorerRequestId id) =>
        IsNothingOr(o => Assert.True(ExplorerDownWriter.TryRequestUrlResponse(o, "http://h/", "t", id)), new RequestUrlResponse(id, "http://h/", "t"));

    static bool IsNothingOr(Action<ArrayBufferWriter<byte>> write, ExplorerDown message)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenCount == 0
            || (output.WrittenCount <= ExplorerDownWriter.MaxPayload
                && !output.WrittenSpan.Contains((byte)'\\')
                && IsStrict(output.WrittenMemory)
                && ExplorerDownReader.TryRead(output.WrittenSpan, out var back, out _)
                && back == message);
    }

    static bool IsStrict(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object;
    }

    static bool ComesBack(ExplorerUp message, ExplorerVariant variant)
    {
        var output = new ArrayBufferWriter<byte>();
        return ExplorerUpWriter.TryWrite(output, message, variant)
            && IsStrict(output.WrittenMemory)
            && ExplorerUpReader.TryRead(output.WrittenSpan, out var back, out _)
            && back == message;
    }
}
