using System.Buffers;
using Waybill.Protocols;
using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class DjiEnvelopeTests
{
    static DjiEnvelope Read(string json) =>
        DjiUpReader.TryRead(DjiTopicKind.Events, Bytes.Of(json), out var envelope, out _, out var fault) ? envelope : throw new FormatException(fault.Reason);

    static WireFault Fault(string json)
    {
        Assert.False(DjiUpReader.TryRead(DjiTopicKind.Events, Bytes.Of(json), out var envelope, out var message, out var fault));
        Assert.Null(envelope);
        Assert.Null(message);
        return fault;
    }

    [Theory]
    [InlineData("""{"tid":"t","bid":"b","method":"hms","need_reply":1,"timestamp":1655781395926,"gateway":"DOCK","data":{}}""")]
    [InlineData("""{"data":[],"tid":"t","bid":"b","method":"hms","need_reply":true,"timestamp:":1655781395926,"gateway":"DOCK","new":{"er":[{}]}}""")]
    [InlineData("""{"data":"","tid":"t","bid":"b","method":"hms","need_reply":"1","timestamp":"1655781395926","gateway":"DOCK"}""")]
    [InlineData("""{"data":null,"tid":"x","tid":"t","bid":"\u0062","method":"hms","need_reply":true,"timestamp":1655781395926.0,"gateway":"DOCK"}""")]
    public void Every_way_to_write_one_envelope_reads_the_same(string json) =>
        Assert.Equal(new("t", "b", "hms", true, 1655781395926, "DOCK"), Read(json));

    [Fact]
    public void What_an_envelope_lacks_is_not_invented()
    {
        Assert.Equal(new(null, null, null, false, null, null), Read("{}"));
        Assert.Equal(new(null, null, null, false, null, null), Read("""{"tid":"","bid":null,"method":[],"need_reply":"?","timestamp":"","gateway":""}"""));
        Assert.Equal(new("17", null, null, false, 1655781395000, null), Read("""{"tid":17,"need_reply":0,"timestamp":1655781395}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"tid\":")]
    [InlineData("{\"tid\":\"\\u0000\"}")]
    [InlineData("{\"tid\":\"\\ud83d\"}")]
    [InlineData("{\"data\":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}")]
    public void What_is_no_object_is_nonsense(string json) => Assert.Equal(WireFaultKind.Nonsense, Fault(json).Kind);

    [Theory]
    [InlineData("tid")]
    [InlineData("bid")]
    [InlineData("method")]
    public void An_id_that_cannot_be_repeated_is_refused(string field)
    {
        Assert.Equal(new string('i', DjiUpReader.MaxId), new[] { Read($$"""{"{{field}}":"{{new string('i', DjiUpReader.MaxId)}}"}""") }.Select(e => e.Tid ?? e.Bid ?? e.Method).Single());
        Assert.Equal(WireFaultKind.Refused, Fault($$"""{"{{field}}":"{{new string('i', DjiUpReader.MaxId + 1)}}"}""").Kind);
    }

    [Fact]
    public void A_payload_beyond_the_bound_is_nonsense() =>
        Assert.Equal("payload is too long", Fault($$"""{"tid":"{{new string('i', DjiUpReader.MaxPayload)}}"}""").Reason);

    [Theory]
    [InlineData(DjiTopicKind.Requests, false, true)]
    [InlineData(DjiTopicKind.Status, false, true)]
    [InlineData(DjiTopicKind.Events, false, false)]
    [InlineData(DjiTopicKind.Events, true, true)]
    [InlineData(DjiTopicKind.State, false, false)]
    [InlineData(DjiTopicKind.State, true, true)]
    [InlineData(DjiTopicKind.Osd, true, false)]
    [InlineData(DjiTopicKind.ServicesReply, true, false)]
    public void Requests_and_status_are_answered_always_events_and_states_when_they_ask(DjiTopicKind kind, bool needReply, bool wants) =>
        Assert.Equal(wants, new DjiEnvelope("t", "b", "m", needReply, null, null).WantsAnswer(kind));

    [Fact]
    public void An_answer_repeats_what_was_sent_and_no_more()
    {
        Assert.Equal(
            """{"tid":"t\"1","bid":"b","timestamp":1700000000000,"gateway":"DOCK","method":"brand_new","data":{"result":0}}""",
            Answer(Read("""{"tid":"t\"1","bid":"b","method":"brand_new","need_reply":1,"timestamp":1,"gateway":"forged","data":{}}""")));
        Assert.Equal("""{"timestamp":1700000000000,"gateway":"DOCK","data":{"result":0}}""", Answer(Read("{}")));
    }

    static string Answer(DjiEnvelope envelope)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(DjiAnswers.TryWrite(output, envelope.Answer("DOCK", 1700000000000), new DjiResult(0)));
        return output.Text();
    }
}
