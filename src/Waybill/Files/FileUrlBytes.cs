using System.Globalization;
using Waybill.Data;
using Waybill.Objects;
using Waybill.Protocols;

namespace Waybill.Files;

/// <summary><c>/o/f/{token}</c>: bytes on their way into a slot, or out to who was given their URL.</summary>
sealed class FileUrlBytes(FileUrls urls, UploadSlots slots, Library library, Database database, BytePorts ports)
{
    const long LongestUntold = 4 << 20;

    /// <summary>What a product's own slot is filled with: a list for people and programs, no firmware.</summary>
    public const string LibraryType = "CSV";

    public Task HandleAsync(HttpContext http, string token) => ports.Door.HandleAsync(http, () => http.Request.Method switch
    {
        "PUT" or "POST" => ReceiveAsync(http, token),
        "GET" or "HEAD" => SendAsync(http, token),
        _ => throw ByteDoor.NotFound("no such method"),
    });

    async Task ReceiveAsync(HttpContext http, string token)
    {
        if (Granted(token, SealPurpose.UploadSlot) is not { } id)
            throw ByteDoor.NotFound("no such URL");
        var slot = await slots.FindOpenAsync(id, http.RequestAborted) ?? throw ByteDoor.Forbidden("the URL was superseded, or its product or device is disabled");
        var known = slot.Size != UploadSlot.UnknownSize;
        if (known && http.Request.ContentLength is { } announced && announced != slot.Size)
            throw ByteDoor.Forbidden($"the body is {announced} bytes, {slot.Size} were announced");
        var name = string.Create(CultureInfo.InvariantCulture, $"slot-{slot.Id:x}");
        var intake = new Intake(name, known ? slot.Size : http.Request.ContentLength, known ? slot.Size : LongestUntold, AnnouncedMd5.Of(http.Request));
        var stored = await ports.Store.ReceiveAsync(http.Request.BodyReader, intake, http.RequestAborted);
        await ports.Unrecorded.RecordAsync(stored, record => RecordAsync(slot, record));
        ByteDoor.Stored(http.Response);
    }

    async Task RecordAsync(UploadSlot slot, ObjectRecord stored)
    {
        await slots.StoredAsync(slot, stored);
        if (slot.IsLibrarys)
            await library.AddAsync(new(slot.ProductId, 0), slot.FileName, LibraryType, stored, CancellationToken.None);
    }

    async Task SendAsync(HttpContext http, string token)
    {
        var found = Granted(token, SealPurpose.LibraryFile) is { } file ? await FindAsync(FileBytes, file, http.RequestAborted)
            : Granted(token, SealPurpose.UploadedBytes) is { } transfer ? await FindAsync(UploadedBytes, transfer, http.RequestAborted)
            : throw ByteDoor.NotFound("no such URL");
        var content = new ObjectContent(Sha256Digest.FromBytes(found.Sha256), Md5Digest.FromBytes(found.Md5), found.Size, found.Name);
        await ports.Sender.SendAsync(http, content, served: null);
    }

    /// <summary>The row; null for what is no URL of this purpose.</summary>
    long? Granted(string token, SealPurpose purpose)
    {
        if (!urls.TryRead(token, purpose, out var id, out var expires))
            return null;
        return expires > ports.Clock.GetUtcNow().ToUnixTimeMilliseconds() ? id : throw ByteDoor.Forbidden("the URL has expired");
    }

    async ValueTask<BytesRow> FindAsync(string sql, long id, CancellationToken ct) =>
        await database.FirstAsync<BytesRow>(sql, new { id }, ct) ?? throw ByteDoor.Forbidden("what the URL was for is gone, or its product or device is disabled");

    const string FileBytes =
        """
        select f.name, f.sha256, f.md5, f.size from files f join products p on p.id = f.product_id left join devices d on d.id = f.device_id
        where f.id = @id and p.disabled_at is null and d.disabled_at is null
        """;

    const string UploadedBytes =
        """
        select t.name, t.sha256, t.md5, t.size from transfers t join devices d on d.id = t.device_id join products p on p.id = d.product_id
        where t.id = @id and t.kind = 0 and t.sha256 is not null and p.disabled_at is null and d.disabled_at is null
        """;

    sealed class BytesRow
    {
        public string Name { get; init; } = "";
        public byte[] Sha256 { get; init; } = [];
        public byte[] Md5 { get; init; } = [];
        public long Size { get; init; }
    }
}

/// <summary>What bytes go through, in and out.</summary>
sealed record BytePorts(ByteDoor Door, DiskStore Store, UnrecordedObjects Unrecorded, ObjectSender Sender, TimeProvider Clock);
