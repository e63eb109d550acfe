namespace Waybill;

/// <summary>A "no" that is returned: a code for programs and what to tell whoever asked.</summary>
sealed record Refusal(string Code, string Text)
{
    public RefusedException Exception() => new(Code, Text);
}
