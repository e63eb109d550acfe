using System.Text.Json;

namespace Waybill.Objects.Credentials;

/// <summary>A session policy of the AWS form, understood as far as <c>Allow</c>, <c>Action</c> and <c>Resource</c> go. Beyond, it is refused: a rule
/// that is passed over would allow more than was meant.</summary>
static class SessionPolicy
{
    /// <summary>As with STS.</summary>
    const int Longest = 2048;

    const string Arn = "arn:aws:s3:::";

    static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <returns>One of both is null.</returns>
    public static (S3Right[]? Rights, Refusal? Refusal) Read(string text)
    {
        if (text.Length > Longest)
            return (null, new("PackedPolicyTooLarge", $"The policy is longer than {Longest} characters."));
        try
        {
            using var json = JsonDocument.Parse(text, s_strict);
            return Read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // there is no way to ask without; the other is for half of a surrogate pair, which is no text
            return Refuse("it is no JSON, or names something twice");
        }
    }

    static (S3Right[]?, Refusal?) Read(JsonElement policy)
    {
        if (policy.ValueKind != JsonValueKind.Object)
            return Refuse("it is no object");
        JsonElement statements = default;
        foreach (var member in policy.EnumerateObject())
        {
            if (member.NameEquals("Statement"))
                statements = member.Value;
            else if (member.Name is not ("Version" or "Id"))
                return Refuse($"'{member.Name}' is not understood");
        }
        var rights = new List<S3Right>();
        foreach (var statement in OneOrMany(statements, JsonValueKind.Object))
        {
            if (Add(statement, rights) is { } why)
                return Refuse(why);
        }
        return rights.Count > 0 ? ([.. rights], null) : Refuse("it has no Statement that allows something");
    }

    /// <summary>Null, or why not.</summary>
    static string? Add(JsonElement statement, List<S3Right> rights)
    {
        JsonElement effect = default, action = default, resource = default;
        foreach (var member in statement.EnumerateObject())
        {
            switch (member.Name)
            {
                case "Effect": effect = member.Value; break;
                case "Action": action = member.Value; break;
                case "Resource": resource = member.Value; break;
                case "Sid": break;
                default: return $"'{member.Name}' is not understood here: only Effect, Action and Resource are";
            }
        }
        if (effect.ValueKind != JsonValueKind.String || !effect.ValueEquals("Allow"))
            return "only the Effect 'Allow' is understood here";
        var actions = S3Actions.None;
        foreach (var word in OneOrMany(action, JsonValueKind.String))
        {
            if (S3ActionNames.Find(word.GetString()!) is not (not S3Actions.None and var found))
                return $"'{word.GetString()}' is no action that this endpoint offers";
            actions |= found;
        }
        var before = rights.Count;
        foreach (var arn in OneOrMany(resource, JsonValueKind.String))
        {
            if (ReadResource(arn.GetString()!) is not { } pattern)
                return $"'{arn.GetString()}' is no resource of the form {Arn}bucket/key, with a star at its end or none";
            rights.Add(new(actions, pattern));
        }
        return actions == S3Actions.None || rights.Count == before ? "a Statement needs an Action and a Resource" : null;
    }

    /// <summary>Null for what is none that is understood.</summary>
    static string? ReadResource(string arn)
    {
        if (arn == "*")
            return arn;
        if (!arn.StartsWith(Arn, StringComparison.Ordinal))
            return null;
        var pattern = arn[Arn.Length..];
        // ${…} is a policy variable
        var plain = pattern.TrimEnd('*');
        if (pattern.Length == 0 || plain.AsSpan().ContainsAny('*', '?', '$'))
            return null;
        // several stars are one
        return plain.Length < pattern.Length ? plain + "*" : plain;
    }

    static IEnumerable<JsonElement> OneOrMany(JsonElement value, JsonValueKind kind) => value.ValueKind switch
    {
        JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind == kind) => value.EnumerateArray(),
        var found when found == kind => [value],
        _ => [],
    };

    static (S3Right[]?, Refusal?) Refuse(string why) => (null, new("MalformedPolicyDocument", $"The session policy cannot be taken: {why}."));
}
