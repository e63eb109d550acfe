using System.Globalization;
using System.Xml.Linq;
using Waybill.Objects.Credentials;

namespace Waybill.S3.Sts;

/// <summary>Answers as STS writes them (API version 2011-06-15).</summary>
static class StsAnswer
{
    static readonly XNamespace s_sts = "https://sts.amazonaws.com/doc/2011-06-15/";

    public static string Granted(AssumeRole ask, SessionCredential credential, string requestId)
    {
        var role = ask.RoleArn.Split('/')[^1];
        return new XElement(
            s_sts + "AssumeRoleResponse",
            new XElement(
                s_sts + "AssumeRoleResult",
                new XElement(
                    s_sts + "AssumedRoleUser",
                    new XElement(s_sts + "Arn", $"arn:aws:sts:::assumed-role/{role}/{ask.SessionName}"),
                    new XElement(s_sts + "AssumedRoleId", $"{credential.AccessKey}:{ask.SessionName}")),
                new XElement(
                    s_sts + "Credentials",
                    new XElement(s_sts + "AccessKeyId", credential.AccessKey),
                    new XElement(s_sts + "SecretAccessKey", credential.Secret),
                    new XElement(s_sts + "SessionToken", credential.SessionToken),
                    new XElement(s_sts + "Expiration", credential.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)))),
            Metadata(requestId)).ToString(SaveOptions.DisableFormatting);
    }

    public static string Refused(Refusal refusal, string requestId) => new XElement(
        s_sts + "ErrorResponse",
        new XElement(s_sts + "Error", new XElement(s_sts + "Type", "Sender"), new XElement(s_sts + "Code", refusal.Code), new XElement(s_sts + "Message", refusal.Text)),
        new XElement(s_sts + "RequestId", requestId)).ToString(SaveOptions.DisableFormatting);

    static XElement Metadata(string requestId) => new(s_sts + "ResponseMetadata", new XElement(s_sts + "RequestId", requestId));
}
