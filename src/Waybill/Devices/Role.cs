namespace Waybill.Devices;

/// <summary>What a key is for.</summary>
enum Role
{
    Owner,
    Operator,
    App,
    Reader,
}

static class Roles
{
    const Actions Reading = Actions.ProductsRead | Actions.DevicesRead | Actions.LibraryRead | Actions.FilesRead | Actions.TransfersRead
        | Actions.EventsRead | Actions.MessagesRead | Actions.AccountsRead | Actions.WebhooksRead | Actions.BucketsRead
        | Actions.LogsRead | Actions.UpgradesRead;

    const Actions Operating = Reading | Actions.ProductsWrite | Actions.DevicesWrite | Actions.LibraryWrite | Actions.FilesWrite
        | Actions.TransfersWrite | Actions.MessagesWrite | Actions.AccountsWrite | Actions.WebhooksWrite
        | Actions.BucketsWrite | Actions.CredentialsMint | Actions.LogsWrite | Actions.UpgradesWrite | Actions.DevicesTrace;

    const Actions Serving = Actions.ProductsRead | Actions.DevicesRead | Actions.LibraryRead | Actions.FilesRead | Actions.FilesWrite
        | Actions.TransfersRead | Actions.TransfersWrite | Actions.EventsRead | Actions.TokensMint;

    public static string All { get; } = string.Join(", ", Enum.GetValues<Role>().Select(Word));

    public static Actions Allowed(this Role role) => role switch
    {
        Role.Owner => (Actions)~0,
        Role.Operator => Operating,
        Role.App => Serving,
        Role.Reader => Reading,
        _ => Actions.None,
    };

    public static string Word(this Role role) => role.ToString().ToLowerInvariant();

    public static Role? Find(string? word) => Enum.GetValues<Role>().Where(r => r.Word() == word).Select(r => (Role?)r).FirstOrDefault();
}
