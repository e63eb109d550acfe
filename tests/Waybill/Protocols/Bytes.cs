using System.Buffers;
using System.Text;

namespace Waybill.Tests.Protocols;

static class Bytes
{
    public static byte[] Of(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(this ArrayBufferWriter<byte> output) => Encoding.UTF8.GetString(output.WrittenSpan);
}
