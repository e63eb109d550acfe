namespace Waybill.Objects.S3Endpoint.Signing;

/// <summary>A "no" in the words of S3: an error code of its and what to tell whoever asked.</summary>
sealed record S3Refusal(string Code, string Text)
{
    public RefusedException Exception() => new(Code, Text);
}
