namespace Waybill.Objects.Credentials;

/// <summary>What credentials allow: in every layer some right must. Whoever hands credentials on lays a layer over his own.</summary>
sealed record GrantedRights(S3Right[][] Layers)
{
    public static GrantedRights Everything { get; } = new([[new(S3Actions.All, "*")]]);

    public bool Allow(S3Actions action, string bucket, string key = "") =>
        Layers.Length > 0 && Array.TrueForAll(Layers, layer => Array.Exists(layer, right => right.Allows(action, bucket, key)));

    /// <summary>The same for an action by its name in a policy, such as <c>s3:PutObject</c>.</summary>
    public bool Allow(string action, string bucket, string key) => S3ActionNames.Find(action) is not S3Actions.None and var found && Allow(found, bucket, key);

    public GrantedRights Narrowed(S3Right[] layer) => this == Everything ? new([layer]) : new([.. Layers, layer]);
}
