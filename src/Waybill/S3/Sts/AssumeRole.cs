using System.Globalization;
using Waybill.Objects.Credentials;
using Waybill.S3.Signing;

namespace Waybill.S3.Sts;

/// <summary><c>AssumeRole</c> of STS: temporary credentials that allow what the caller may do, and where a policy is given only what it allows of that.
/// The role's name means nothing here. The session's is the job, under which the credentials can be revoked.</summary>
sealed record AssumeRole(string RoleArn, string SessionName, TimeSpan Lifetime, S3Right[]? Policy)
{
    public const int LongestForm = 16 << 10;

    const int Shortest = 900;

    static readonly string[] s_fields = ["RoleArn", "RoleSessionName", "DurationSeconds", "Policy"];

    /// <summary>Reads the body of a POST. One of both is null.</summary>
    public static (AssumeRole? Ask, Refusal? Refusal) Read(string form)
    {
        if (form.Length > LongestForm)
            return Refuse("The request is too long.");
        var fields = new SignedQuery(form);
        if (fields.Find("Action") != "AssumeRole")
            return (null, new("InvalidAction", "Only the action AssumeRole is offered here."));
        if (fields.Find("Version") != "2011-06-15")
            return (null, new("NoSuchVersion", "Only the version 2011-06-15 is offered here."));
        if (Array.Find(s_fields, name => fields.Has(name) && fields.Find(name) is null) is { } repeated)
            return Refuse($"{repeated} is there more than once.");
        if (fields.Has("PolicyArns.member.1.arn"))
            return Refuse("Managed policies are not known here: give a Policy.");
        var (role, session) = (fields.Find("RoleArn") ?? "", fields.Find("RoleSessionName") ?? "session");
        if (role.Length > 2048)
            return Refuse("RoleArn must have at most 2048 characters.");
        if (session.Length is < 2 or > 64 || !session.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '=' or ',' or '.' or '@' or '-'))
            return Refuse("RoleSessionName must be 2 to 64 characters of [\\w+=,.@-].");
        var longest = (int)SessionCredentials.LongestLifetime.TotalSeconds;
        if (!int.TryParse(fields.Find("DurationSeconds") ?? "3600", NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds < Shortest || seconds > longest)
            return Refuse($"DurationSeconds must be a number from {Shortest} to {longest}.");

        S3Right[]? policy = null;
        if (fields.Find("Policy") is { } text && SessionPolicy.Read(text) is var (rights, refusal) && (policy = rights) is null)
            return (null, refusal);
        return (new(role, session, TimeSpan.FromSeconds(seconds), policy), null);
    }

    /// <summary>One of both is null.</summary>
    /// <exception cref="RefusedException"><c>PackedPolicyTooLarge</c>.</exception>
    public (SessionCredential? Credential, Refusal? Refusal) Grant(SignedCaller caller, SessionCredentials sessions) => caller.Session is null
        ? (sessions.Mint(Policy is null ? caller.Rights : caller.Rights.Narrowed(Policy), Lifetime, device: null, job: SessionName, by: caller.AccessKey), null)
        : (null, new("AccessDenied", "Access Denied: temporary credentials hand out no others."));

    static (AssumeRole?, Refusal?) Refuse(string why) => (null, new("ValidationError", why));
}
