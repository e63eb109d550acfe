namespace Waybill.Objects.Credentials;

/// <summary>Every key of the endpoint that lasts: the owner's and those made over the API.</summary>
sealed class LastingKeys(OwnerKeyPair owner, S3KeyBook book, S3KeyUse use)
{
    /// <summary>What the key allows, and its secret; null when there is none such now.</summary>
    public (GrantedRights Rights, string Secret)? Find(string accessKey)
    {
        if (accessKey == owner.AccessKey)
            return (GrantedRights.Everything, owner.Secret);
        return book.Find(accessKey) is { } key ? (key.Granted, book.SecretOf(key)) : null;
    }

    /// <summary>Whether whoever handed out temporary credentials may still do so; null is the server itself.</summary>
    public bool Has(string? accessKey) => accessKey is null || accessKey == owner.AccessKey || book.Find(accessKey) is not null;

    public void NoteUse(string accessKey)
    {
        if (accessKey != owner.AccessKey)
            use.Note(accessKey);
    }
}
