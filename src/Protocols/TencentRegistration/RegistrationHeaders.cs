namespace Waybill.Protocols.TencentRegistration;

/// <summary>What stands beside the body in <see cref="RegistrationForm.Headers"/>; null for a header that was not sent.</summary>
/// <param name="Host">The <c>Host</c> header as it came, with its port if it carries one.</param>
/// <param name="Algorithm"><c>X-TC-Algorithm</c>: <c>hmacsha1</c> or <c>HmacSha256</c>, in any case of letters.</param>
/// <param name="Timestamp"><c>X-TC-Timestamp</c>: decimal digits, said to be Unix seconds.</param>
/// <param name="Nonce"><c>X-TC-Nonce</c>: any short text.</param>
/// <param name="Signature"><c>X-TC-Signature</c>.</param>
public sealed record RegistrationHeaders(string? Host, string? Algorithm, string? Timestamp, string? Nonce, string? Signature);
