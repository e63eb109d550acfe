using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Waybill.Objects.Credentials.Issuers;

/// <summary>The inline policies with which a role is assumed: exactly the actions asked for, on exactly one prefix.</summary>
static class PrefixPolicy
{
    // OSS has other names for some
    static readonly Dictionary<S3Actions, string> s_ali = new()
    {
        [S3Actions.PutObject] = "oss:PutObject",
        [S3Actions.AbortMultipartUpload] = "oss:AbortMultipartUpload",
        [S3Actions.ListMultipartUploadParts] = "oss:ListParts",
        [S3Actions.GetObject] = "oss:GetObject",
        [S3Actions.DeleteObject] = "oss:DeleteObject",
        [S3Actions.ListBucket] = "oss:ListObjects",
        [S3Actions.ListBucketMultipartUploads] = "oss:ListMultipartUploads",
    };

    public static string Aws(CredentialAsk ask) => Write(ask, new("2012-10-17", "arn:aws:s3:::", "s3:prefix", action => $"s3:{action}"));

    public static string Ali(CredentialAsk ask) => Write(ask, new("1", "acs:oss:*:*:", "oss:Prefix", action => s_ali[action]));

    static string Write(CredentialAsk ask, Words words)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("Version", words.Version);
            json.WriteStartArray("Statement");
            Allow(json, words, ask.Actions & ~CredentialAsk.Listing, $"{ask.Bucket}/{ask.Prefix}*", null);
            Allow(json, words, ask.Actions & CredentialAsk.Listing, ask.Bucket!, ask.Prefix + "*");
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    static void Allow(Utf8JsonWriter json, Words words, S3Actions actions, string resource, string? listed)
    {
        if (actions == S3Actions.None)
            return;
        json.WriteStartObject();
        json.WriteString("Effect", "Allow");
        json.WriteStartArray("Action");
        foreach (var action in Enum.GetValues<S3Actions>().Where(a => int.IsPow2((int)a) && actions.HasFlag(a)))
            json.WriteStringValue(words.Action(action));
        json.WriteEndArray();
        json.WriteString("Resource", words.Arn + resource);
        if (listed is not null)
        {
            json.WriteStartObject("Condition");
            json.WriteStartObject("StringLike");
            json.WriteString(words.Prefix, listed);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>How one vendor says it.</summary>
    sealed record Words(string Version, string Arn, string Prefix, Func<S3Actions, string> Action);
}
