using System.Text;
using System.Xml.Linq;
using Waybill.S3.Rows;
using Waybill.S3.Wire;
using Waybill.Settings;

namespace Waybill.S3.Calls;

/// <summary>Buckets themselves.</summary>
sealed class BucketCalls(Buckets buckets, S3Settings settings)
{
    public async Task ListAsync(S3Request request)
    {
        var all = await buckets.ListAsync(request.Ct);
        await XmlAnswer.SendAsync(request.Http, "ListAllMyBucketsResult", xml =>
        {
            xml.Group("Owner", owner => owner.Value("ID", request.Caller.Name));
            xml.Group("Buckets", list =>
            {
                foreach (var bucket in all)
                {
                    list.Group("Bucket", one =>
                    {
                        one.Value("Name", bucket.Name);
                        one.Value("CreationDate", XmlAnswer.Time(bucket.CreatedAt));
                    });
                }
            });
        });
    }

    public async Task CreateAsync(S3Request request)
    {
        CheckLocation(await XmlQuestion.ReadOptionalAsync(request, "CreateBucketConfiguration"));
        if (!await buckets.CreateAsync(request.BucketName, request.Ct))
            throw new RefusedException("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.");
        request.Http.Response.Headers.Location = "/" + request.BucketName;
    }

    public async Task DeleteAsync(S3Request request)
    {
        await buckets.DeleteAsync(request.Bucket, request.Ct);
        request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public Task HeadAsync(S3Request request)
    {
        request.Http.Response.Headers["x-amz-bucket-region"] = settings.Region;
        request.Http.Response.ContentType = "application/xml";
        return Task.CompletedTask;
    }

    /// <summary>us-east-1 is said by saying nothing.</summary>
    public Task LocationAsync(S3Request request) =>
        XmlAnswer.SendAsync(request.Http, "LocationConstraint", xml => xml.WriteString(settings.Region == "us-east-1" ? "" : settings.Region));

    public static Task GetCorsAsync(S3Request request)
    {
        var rules = CorsRules.Parse(request.Bucket.Cors)
            ?? throw new RefusedException("NoSuchCORSConfiguration", "The CORS configuration does not exist");
        return XmlAnswer.SendAsync(request.Http, "CORSConfiguration", rules.Write);
    }

    public async Task PutCorsAsync(S3Request request)
    {
        var rules = CorsRules.Read(await XmlQuestion.ReadAsync(request, "CORSConfiguration"));
        var text = Encoding.UTF8.GetString(XmlAnswer.Write("CORSConfiguration", null, rules.Write));
        await buckets.SetCorsAsync(request.Bucket, text, request.Ct);
    }

    public async Task DeleteCorsAsync(S3Request request)
    {
        await buckets.SetCorsAsync(request.Bucket, null, request.Ct);
        request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    void CheckLocation(XElement? configuration)
    {
        if (configuration?.Child("LocationConstraint")?.Value is { Length: > 0 } region && region != settings.Region)
            throw new RefusedException("IllegalLocationConstraintException", $"The {region} location constraint is incompatible for the region specific endpoint this request was sent to.");
    }
}
