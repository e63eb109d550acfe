using System.Buffers;
using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Protocols;

/// <summary>Messages of the DJI dialect written and read again.</summary>
static class DjiWire
{
    public const long Now = 1700000000000;

    public static readonly DjiHead Head = new("T", "B", "m", "DOCK", Now);

    public static string Written(DjiUp message, DjiSpelling spelling, DjiHead? head = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(DjiUpWriter.TryWrite(output, head ?? Head, message, spelling), output.WrittenCount > 0);
        return output.Text();
    }

    public static string Written(DjiDown message, string method = "m") => Written(message, Head with { Method = method });

    public static string Written(DjiDown message, DjiHead head)
    {
        var output = new ArrayBufferWriter<byte>();
        var isWritten = message switch
        {
            DjiAnswer answer => DjiAnswers.TryWrite(output, head, answer),
            DjiListLogs(var modules) => DjiLogCommands.TryList(output, head, modules),
            DjiCancelLogs(var modules) => DjiLogCommands.TryCancel(output, head, modules),
            DjiStartLogs(var storage, var directory, var files) => DjiLogCommands.TryStart(output, head, storage, directory, files),
            DjiCreateOta(var devices) => DjiOtaCommands.TryCreate(output, head, devices),
            _ => false,
        };
        Assert.Equal(isWritten, output.WrittenCount > 0);
        return output.Text();
    }

    public static DjiUp Up(DjiTopicKind kind, string json) =>
        DjiUpReader.TryRead(kind, Bytes.Of(json), out _, out var message, out var fault) ? message : throw new FormatException(fault.Reason);

    public static DjiDown Down(DjiTopicKind kind, string json) =>
        DjiDownReader.TryRead(kind, Bytes.Of(json), out _, out var message, out var fault) ? message : throw new FormatException(fault.Reason);
}
