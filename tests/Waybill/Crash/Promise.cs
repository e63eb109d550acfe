using System.Net;
using System.Security.Cryptography;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Crash;

/// <summary>Bytes that need not be kept to be known.</summary>
sealed record Content(int Seed, int Size)
{
    public byte[] Bytes
    {
        get
        {
            var bytes = new byte[Size];
            // the same bytes again from the same seed, not secret ones
#pragma warning disable CA5394
            new Random(Seed).NextBytes(bytes);
#pragma warning restore CA5394
            return bytes;
        }
    }
}

/// <summary>What the server took upon itself by an answer.</summary>
/// <param name="Answer">A text in the answer.</param>
/// <param name="Request">Texts that stand together in the request that was answered and in no other.</param>
abstract record Promise(string Answer, params string[] Request)
{
    /// <summary>Whether anything had to be written for it.</summary>
    public virtual bool IsWritten => true;

    public abstract Task IsKeptAsync(Account account);
}

/// <summary>An upload was granted: it exists, and its URL stays what it was.</summary>
sealed record Granted(string Device, string Name, Content Content, string Url) : Promise(new Uri(Url).AbsolutePath, "create_upload_task", Name)
{
    public override Task IsKeptAsync(Account account)
    {
        var file = account.Find("upload", Device, Name).GetProperty("file");
        Assert.Equal((Content.Size, HubDevice.Md5(Content.Bytes)), (file.GetProperty("size").GetInt32(), file.GetProperty("md5").GetString()));
        return Task.CompletedTask;
    }

    /// <summary>The URL of old takes the bytes.</summary>
    public async Task UseUrlAsync(HttpClient http) => Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(http, Url, Content.Bytes));
}

/// <summary>A body was answered 200: the transfer is ok and the bytes are there.</summary>
sealed record Stored(string Device, string Name, Content Content, string Path) : Promise("HTTP/1.1 200 ", "PUT " + Path)
{
    public override async Task IsKeptAsync(Account account)
    {
        var transfer = account.Find("upload", Device, Name);
        Assert.Equal(("ok", HubDevice.Md5(Content.Bytes)), (transfer.GetProperty("state").GetString(), transfer.GetProperty("file").GetProperty("md5").GetString()));
        Assert.Equal(Content.Bytes, await account.ContentAsync(transfer));
    }
}

/// <summary>The report of a failed attempt was answered: it shows.</summary>
sealed record Failed(string Device, string Name, int Code) : Promise("report_upload_progress_rsp", Name, "fail")
{
    public override Task IsKeptAsync(Account account)
    {
        var transfer = account.Find("upload", Device, Name);
        Assert.Equal((1, Code), (transfer.GetProperty("attempts").GetInt32(), transfer.GetProperty("code").GetInt32()));
        return Task.CompletedTask;
    }
}

/// <summary>The report of a finished upload was answered: it had been ok since its bytes were.</summary>
sealed record Finished(string Device, string Name) : Promise("report_upload_progress_rsp", Name, "done")
{
    public override bool IsWritten => false;

    public override Task IsKeptAsync(Account account)
    {
        Assert.Equal("ok", account.Find("upload", Device, Name).GetProperty("state").GetString());
        return Task.CompletedTask;
    }
}

/// <summary>A file was taken into the library.</summary>
sealed record Shelved(string Name, Content Content) : Promise("HTTP/1.1 201 ", "PUT /api/v1/products/ABCDE12345/files/" + Name)
{
    public override async Task IsKeptAsync(Account account) =>
        Assert.Equal(SHA256.HashData(Content.Bytes), SHA256.HashData(await account.LibraryAsync(Name)));
}

/// <summary>A download was ordered.</summary>
sealed record Ordered(string Device, string Name, string Id) : Promise("HTTP/1.1 201 ", "\"kind\":\"download\"", Name)
{
    public override Task IsKeptAsync(Account account)
    {
        Assert.Equal(Id, account.Find("download", Device, Name).GetProperty("id").GetString());
        return Task.CompletedTask;
    }
}

/// <summary>The report of a finished download was answered. Which bytes were served may be known only after it, so it may still be a claim.</summary>
sealed record Fetched(string Device, string Name) : Promise("report_download_progress_rsp", Name, "done")
{
    public override Task IsKeptAsync(Account account)
    {
        var transfer = account.Find("download", Device, Name);
        var (state, report) = (transfer.GetProperty("state").GetString(), transfer.GetProperty("report").GetString());
        Assert.True(state == "ok" || report?.StartsWith("done", StringComparison.Ordinal) == true, transfer.ToString());
        return Task.CompletedTask;
    }
}
