using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Waybill.Protocols.TencentRegistration;
using Xunit;

namespace Waybill.Tests.Protocols;

/// <summary>
/// Signatures were made with the openssl command line, as the README of the dialect shows; the encrypted payload is the sample of the
/// vendor's page on dynamic registration.
/// </summary>
public sealed class RegistrationTests
{
    const string Secret = "hzvf5LF9S0isvBhDSauWMaIk";
    const string Host = "ap-guangzhou.gateway.tencentdevices.com";
    const string Body = """{"ProductId":"ABCDE12345","DeviceName":"dev001"}""";

    [Theory]
    [InlineData("MmFiMDZlNDg0OTAyMmE2ZDgxZWIxMWNiYzdjZGUyYzIxMGQ3NzUxOA==")]
    [InlineData("2ab06e4849022a6d81eb11cbc7cde2c210d77518")]
    [InlineData("KrBuSEkCKm2B6xHLx83iwhDXdRg=")]
    public void Parameters_are_signed_over_themselves(string signature)
    {
        var request = RegistrationReader.ReadParameters(Bytes.Of(Parameters(signature)), out var fault)!;
        Assert.Null(fault);
        Assert.Equal((RegistrationForm.Parameters, "ABCDE12345", "dev001"), (request.Form, request.Product, request.Device));
        Assert.True(request.IsSignedWith(Secret));
        Assert.False(request.IsSignedWith(Secret + "x"));
    }

    [Fact]
    public void Numbers_may_come_as_texts_and_any_changed_parameter_breaks_the_signature()
    {
        var sent = Parameters("MmFiMDZlNDg0OTAyMmE2ZDgxZWIxMWNiYzdjZGUyYzIxMGQ3NzUxOA==");
        Assert.True(Read(sent.Replace("1804289383", "\"1804289383\"", StringComparison.Ordinal)).IsSignedWith(Secret));
        foreach (var (was, becomes) in new[] { ("dev001", "dev002"), ("ABCDE12345", "ABCDE12346"), ("1804289383", "1"), ("1637500000", "1637500001") })
            Assert.False(Read(sent.Replace(was, becomes, StringComparison.Ordinal)).IsSignedWith(Secret));
    }

    [Theory]
    [InlineData(Host, "hmacsha1", "1804289383", "7wuNaMRiM50J65tBJfzof6CaOJk=")]
    [InlineData(Host, "HmacSha256", "5456", "Fkp298VgWIKYfJ0QUBIcCMWcOYACZZGxv+6hUsfPA2k=")]
    [InlineData(Host, "HmacSha256", "5456", "164a76f7c5605882987c9d1050121c08c59c3980026591b1bfeea152c7cf0369")]
    [InlineData(Host, "hmacsha1", "1804289383", "ytw1rk9330Bz77h23bnZFx+75sA=")]
    [InlineData(Host + ":8080", "hmacsha1", "1804289383", "7wuNaMRiM50J65tBJfzof6CaOJk=")]
    [InlineData(Host + ":8080", "hmacsha1", "1804289383", "fhyZQY8EJtptAIMKnQc003ufIiU=")]
    public void Headers_sign_host_and_body(string host, string algorithm, string nonce, string signature)
    {
        var headers = new RegistrationHeaders(host, algorithm, "1637500000", nonce, signature);
        var request = RegistrationReader.ReadHeaders(Bytes.Of(Body), headers, out var fault)!;
        Assert.Null(fault);
        Assert.Equal(RegistrationForm.Headers, request.Form);
        Assert.True(request.IsSignedWith(Secret));
        Assert.False(request.IsSignedWith("another product secret"));
        Assert.False(Read(headers with { Host = "elsewhere" }).IsSignedWith(Secret));
        Assert.False(Read(headers with { Timestamp = "1637500001" }).IsSignedWith(Secret));
        Assert.False(Read(headers with { Nonce = "1" }).IsSignedWith(Secret));
        Assert.False(RegistrationReader.ReadHeaders(Bytes.Of(Body + " "), headers, out _)!.IsSignedWith(Secret));
    }

    [Theory]
    [InlineData("")]
    [InlineData("deviceName=dev001&nonce=1")]
    [InlineData("""{"deviceName":"dev001","nonce":1,"timestamp":1,"signature":"x"}""")]
    [InlineData("""{"deviceName":"","nonce":1,"productId":"ABCDE12345","timestamp":1,"signature":"x"}""")]
    [InlineData("""{"deviceName":"dev001","nonce":1,"productId":"ABCDE12345","timestamp":"now","signature":"x"}""")]
    [InlineData("""{"deviceName":"dev001","nonce":1,"productId":"ABCDE12345","timestamp":"-","signature":"x"}""")]
    [InlineData("""{"deviceName":"dev001","nonce":{},"productId":"ABCDE12345","timestamp":1,"signature":"x"}""")]
    [InlineData("""{"deviceName":"dev001","nonce":1,"productId":"ABCDE12345","timestamp":1}""")]
    [InlineData("""{"deviceName":"dev\u0000","nonce":1,"productId":"ABCDE12345","timestamp":1,"signature":"x"}""")]
    public void What_is_no_request_is_not_read(string body)
    {
        Assert.Null(RegistrationReader.ReadParameters(Bytes.Of(body), out var fault));
        Assert.NotNull(fault);
    }

    [Fact]
    public void Too_long_fields_and_foreign_algorithms_are_not_read()
    {
        Assert.Null(RegistrationReader.ReadParameters(Bytes.Of(Parameters(new string('A', 200))), out _));
        Assert.Null(RegistrationReader.ReadParameters(Bytes.Of(Parameters("x").Replace("dev001", new string('d', 65), StringComparison.Ordinal)), out _));
        var headers = new RegistrationHeaders(Host, "rsa-sha256", "1", "1", "x");
        Assert.Null(RegistrationReader.ReadHeaders(Bytes.Of(Body), headers, out var fault));
        Assert.NotNull(fault);
        Assert.Null(RegistrationReader.ReadHeaders(Bytes.Of(Body), headers with { Algorithm = null }, out _));
        Assert.Null(RegistrationReader.ReadHeaders(Bytes.Of(Body), headers with { Algorithm = "hmacsha1", Host = null }, out _));
        Assert.Null(RegistrationReader.ReadHeaders(Bytes.Of(Body), headers with { Algorithm = "hmacsha1", Signature = null }, out _));
    }

    [Fact]
    public void The_payload_is_that_of_the_vendors_page()
    {
        var payload = RegistrationPayload.Encrypt("lDZ6Uqt+I9E0wW7rvDUs7Q==", Secret);
        Assert.Equal(53, payload.Length);
        Assert.Equal("s6FB3a1BA/YYbcmSE12XpeDVmQNDcf1QgVD141RRbmmAnFwQfp1ECAu5O016mCOvYlJJ6V59yM4OqQSiWphfTg==", payload.Base64);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(35)]
    [InlineData(64)]
    public void Whatever_its_length_a_zero_ends_the_plain_text_and_the_answer_fits_the_devices_buffer(int length)
    {
        var payload = RegistrationPayload.Encrypt(new string('A', length), Secret);
        Assert.True(Convert.FromBase64String(payload.Base64).Length > payload.Length);
        foreach (var form in Enum.GetValues<RegistrationForm>())
            Assert.InRange(RegistrationAnswer.Issued(form, payload, Guid.Empty.ToString()).Length, 1, RegistrationAnswer.MaxLength - 1);
    }

    [Fact]
    public void Answers_have_the_shape_the_form_reads()
    {
        var payload = new RegistrationPayload(53, "AAAA");
        var old = JsonElement.Parse(RegistrationAnswer.Issued(RegistrationForm.Parameters, payload, "r"));
        Assert.Equal((0, "AAAA"), (old.GetProperty("code").GetInt32(), old.GetProperty("payload").GetString()));
        var response = JsonElement.Parse(RegistrationAnswer.Issued(RegistrationForm.Headers, payload, "r")).GetProperty("Response");
        Assert.Equal((53, "AAAA"), (response.GetProperty("Len").GetInt32(), response.GetProperty("Payload").GetString()));
        Assert.Equal("r", response.GetProperty("RequestId").GetString());
    }

    [Fact]
    public void Refusals_say_which_and_fit_the_devices_buffer()
    {
        Assert.Equal(
            """{"code":1010,"message":"Check signature failed","requestId":"r"}""",
            RegistrationAnswer.Refused(RegistrationForm.Parameters, RegistrationRefusal.Signature, "r"));
        var codes = new HashSet<string>();
        foreach (var refusal in Enum.GetValues<RegistrationRefusal>())
        {
            var old = RegistrationAnswer.Refused(RegistrationForm.Parameters, refusal, Guid.Empty.ToString());
            var text = RegistrationAnswer.Refused(RegistrationForm.Headers, refusal, Guid.Empty.ToString());
            Assert.InRange(Math.Max(old.Length, text.Length), 1, RegistrationAnswer.MaxLength - 1);
            Assert.NotEqual(0, JsonElement.Parse(old).GetProperty("code").GetInt32());
            Assert.False(JsonElement.Parse(text).GetProperty("Response").TryGetProperty("Payload", out _));
            codes.Add(JsonElement.Parse(text).GetProperty("Response").GetProperty("Error").GetProperty("Code").GetString()!);
        }
        Assert.Equal(Enum.GetValues<RegistrationRefusal>().Length, codes.Count);
    }

    [Fact]
    public void Whatever_comes_is_read_or_refused_and_never_throws()
    {
        var sent = Bytes.Of(Parameters("MmFiMDZlNDg0OTAyMmE2ZDgxZWIxMWNiYzdjZGUyYzIxMGQ3NzUxOA=="));
        var gen = Gen.Choose(0, sent.Length - 1).Zip(Gen.Choose(0, 255)).ArrayOf(3).Zip(Gen.Choose(0, sent.Length));
        Prop.ForAll(gen.ToArbitrary(), change =>
        {
            var bytes = sent.ToArray();
            foreach (var (at, value) in change.Item1)
                bytes[at] = (byte)value;
            var headers = new RegistrationHeaders(Host, "hmacsha1", "1", "1", Convert.ToBase64String(bytes[..20]));
            var old = RegistrationReader.ReadParameters(bytes.AsSpan(0, change.Item2), out var fault);
            var request = RegistrationReader.ReadHeaders(bytes.AsSpan(0, change.Item2), headers, out var otherFault);
            return (old is null) == (fault is not null) && (request is null) == (otherFault is not null)
                && old?.IsSignedWith("another product secret") != true && request?.IsSignedWith(Secret) != true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithQuietOnSuccess(true));
    }

    static string Parameters(string signature) =>
        $$"""{"deviceName":"dev001","nonce":1804289383,"productId":"ABCDE12345","timestamp":1637500000,"signature":"{{signature}}"}""";

    static RegistrationRequest Read(string body) => RegistrationReader.ReadParameters(Bytes.Of(body), out _)!;

    static RegistrationRequest Read(RegistrationHeaders headers) => RegistrationReader.ReadHeaders(Bytes.Of(Body), headers, out _)!;
}
