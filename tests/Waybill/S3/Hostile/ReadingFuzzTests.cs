using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Waybill.S3;
using Waybill.S3.Calls;
using Waybill.S3.Sts;
using Waybill.S3.Wire;
using Xunit;

namespace Waybill.Tests.S3.Hostile;

/// <summary>What requests bring is read or refused, thousands of times, and nothing else is thrown.</summary>
public sealed class ReadingFuzzTests
{
    static readonly Config s_thousands = Config.QuickThrowOnFailure.WithMaxTest(3000).WithQuietOnSuccess(true);

    [Fact]
    public void Xml_is_read_or_refused()
    {
        string[] seeds =
        [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Part><PartNumber>1</PartNumber><ETag>\"a\"</ETag></Part></CompleteMultipartUpload>",
            "<?xml version='1.0' encoding='utf-16'?><Delete><Object><Key>&#x1;&amp;&lt;</Key></Object><Quiet>true</Quiet></Delete>",
            "<?xml version='1.1' encoding='utf-7' standalone='yes'?><a:b xmlns:a='c'><![CDATA[x]]><!-- c --><?pi x?></a:b>",
            "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>5</MaxAgeSeconds></CORSRule></CORSConfiguration>",
            "<!DOCTYPE d [<!ENTITY a \"b\">]><d>&a;</d>",
        ];
        var changed = from seed in Gen.Elements(seeds) from text in Mutations.Of(seed) select text;
        Prop.ForAll(changed.ToArbitrary(), text => IsReadOrRefused(() =>
        {
            var document = XmlQuestion.Parse(Encoding.UTF8.GetBytes(text));
            if (document.Name.LocalName == "CORSConfiguration")
                CorsRules.Read(document);
            else
                ClaimedPart.Read(document);
        })).Check(s_thousands);
    }

    [Fact]
    public void Escaped_names_are_read_or_refused()
    {
        var changed = from seed in Gen.Elements("/bucket/a%20b/%E8%88%AA", "a%2F%2e%2E/..", "%F0%9F%9A%80+%25") from text in Mutations.Of(seed) select text;
        Prop.ForAll(changed.ToArbitrary(), text => IsReadOrRefused(() => S3Address.KeyOf(S3Address.Unescape(text)))).Check(s_thousands);
    }

    [Fact]
    public void Forms_of_sts_are_read_or_refused()
    {
        var policy = Uri.EscapeDataString("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject"],"Resource":"arn:aws:s3:::logs/dock1/*"}]}""");
        var form = $"Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A%3Arole%2Fd&RoleSessionName=job-1&DurationSeconds=900&Policy={policy}";
        Prop.ForAll(Mutations.Of(form).ToArbitrary(), text => AssumeRole.Read(text) is ({ }, null) or (null, { Code.Length: > 0 })).Check(s_thousands);
    }

    static bool IsReadOrRefused(Action read)
    {
        try
        {
            read();
        }
        catch (RefusedException)
        {
            // a refusal is an answer
        }
        return true;
    }
}
