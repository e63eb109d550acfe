using Waybill.Objects.Credentials;
using Waybill.S3.Sts;
using Xunit;

namespace Waybill.Tests.S3;

public sealed class AssumeRoleTests
{
    const string Ask = "Action=AssumeRole&Version=2011-06-15";

    [Fact]
    public void What_is_not_said_has_a_default()
    {
        var (ask, _) = AssumeRole.Read(Ask);
        Assert.Equal(new("", "session", TimeSpan.FromHours(1), null), ask);
    }

    [Fact]
    public void A_form_is_read()
    {
        var policy = Uri.EscapeDataString("""{"Statement":{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::logs/a b/*"}}""").Replace("%20", "+", StringComparison.Ordinal);
        var (ask, _) = AssumeRole.Read($"{Ask}&RoleArn=arn%3Aaws%3Aiam%3A%3A%3Arole%2Fdevice&RoleSessionName=job-1&DurationSeconds=900&Policy={policy}");
        Assert.Equal(("arn:aws:iam:::role/device", "job-1", TimeSpan.FromMinutes(15)), (ask!.RoleArn, ask.SessionName, ask.Lifetime));
        Assert.Equal([new(S3Actions.PutObject, "logs/a b/*")], ask.Policy!);
    }

    [Theory]
    [InlineData("", "InvalidAction")]
    [InlineData("Action=GetSessionToken&Version=2011-06-15", "InvalidAction")]
    [InlineData("Action=AssumeRole", "NoSuchVersion")]
    [InlineData(Ask + "&DurationSeconds=899", "ValidationError")]
    [InlineData(Ask + "&DurationSeconds=604801", "ValidationError")]
    [InlineData(Ask + "&DurationSeconds=-900", "ValidationError")]
    [InlineData(Ask + "&DurationSeconds=", "ValidationError")]
    [InlineData(Ask + "&RoleSessionName=a", "ValidationError")]
    [InlineData(Ask + "&RoleSessionName=a%2Fb", "ValidationError")]
    [InlineData(Ask + "&PolicyArns.member.1.arn=arn", "ValidationError")]
    [InlineData(Ask + "&Policy=%7B", "MalformedPolicyDocument")]
    [InlineData(Ask + "&Policy=", "MalformedPolicyDocument")]
    [InlineData(Ask + "&Policy=%7B%7D&Policy=%7B%7D", "ValidationError")]
    [InlineData(Ask + "&Action=AssumeRole", "InvalidAction")]
    public void Another_form_is_refused(string form, string code) => Assert.Equal(code, AssumeRole.Read(form).Refusal!.Code);

    [Fact]
    public void A_form_is_bounded() => Assert.Equal("ValidationError", AssumeRole.Read(Ask + "&a=" + new string('a', AssumeRole.LongestForm)).Refusal!.Code);
}
