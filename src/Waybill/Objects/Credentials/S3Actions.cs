namespace Waybill.Objects.Credentials;

/// <summary>What one may be allowed to do, in the words of S3's policies. The numbers stand in session tokens.</summary>
[Flags]
enum S3Actions
{
    None = 0,
    GetObject = 1,
    PutObject = 2,
    DeleteObject = 4,
    AbortMultipartUpload = 8,
    ListMultipartUploadParts = 16,
    ListBucket = 32,
    ListBucketMultipartUploads = 64,
    GetBucketLocation = 128,
    CreateBucket = 256,
    DeleteBucket = 512,
    ListAllMyBuckets = 1024,
    GetBucketCORS = 2048,
    PutBucketCORS = 4096,

    All = 8191,

    /// <summary>What a device needs that sends something, in one piece or many.</summary>
    Upload = PutObject | AbortMultipartUpload | ListMultipartUploadParts,
}
