using System.Text.Json;

namespace Waybill.Devices;

/// <summary>What can be done over the API. The numbers travel in app tokens: they stay.</summary>
[Flags]
enum Actions
{
    None = 0,
    ProductsRead = 1 << 0,
    ProductsWrite = 1 << 1,
    DevicesRead = 1 << 2,
    DevicesWrite = 1 << 3,

    /// <summary>A product's own files, bytes included.</summary>
    LibraryRead = 1 << 4,

    LibraryWrite = 1 << 5,

    /// <summary>What files a device has; their bytes are <see cref="ContentRead"/>.</summary>
    FilesRead = 1 << 6,

    FilesWrite = 1 << 7,

    /// <summary>The bytes of what belongs to devices, which is their users'.</summary>
    ContentRead = 1 << 8,

    TransfersRead = 1 << 9,
    TransfersWrite = 1 << 10,
    EventsRead = 1 << 11,
    MessagesRead = 1 << 12,
    MessagesWrite = 1 << 13,
    AccountsRead = 1 << 14,
    AccountsWrite = 1 << 15,
    TokensMint = 1 << 16,
    KeysRead = 1 << 17,
    KeysWrite = 1 << 18,
    WebhooksRead = 1 << 19,
    WebhooksWrite = 1 << 20,

    /// <summary>What buckets hold; the bytes are <see cref="ContentRead"/>.</summary>
    BucketsRead = 1 << 21,

    BucketsWrite = 1 << 22,

    /// <summary>Temporary credentials for devices, and their end.</summary>
    CredentialsMint = 1 << 23,

    /// <summary>Which logs docks have, and how their uploads stand; the bytes are <see cref="ContentRead"/>.</summary>
    LogsRead = 1 << 24,

    LogsWrite = 1 << 25,
    UpgradesRead = 1 << 26,
    UpgradesWrite = 1 << 27,

    /// <summary>
    /// All that devices say and are told, live. More than <see cref="DevicesRead"/>, which dashboards and apps have: payloads are what users'
    /// devices say, and following costs the server something.
    /// </summary>
    DevicesTrace = 1 << 28,
}

/// <summary>Actions as the API writes them: <c>files.read</c>.</summary>
static class ActionWords
{
    static readonly Dictionary<string, Actions> s_all = Enum.GetValues<Actions>().Where(a => a != Actions.None)
        .ToDictionary(a => JsonNamingPolicy.SnakeCaseLower.ConvertName(a.ToString()).Replace('_', '.'), StringComparer.Ordinal);

    public static IReadOnlyList<string> Of(Actions actions) => [.. s_all.Where(w => actions.HasFlag(w.Value)).Select(w => w.Key)];

    /// <summary>Null for no such action.</summary>
    public static Actions? Find(string? word) => word is not null && s_all.TryGetValue(word, out var action) ? action : null;
}
