using System.Buffers.Text;
using System.Runtime.InteropServices;
using Waybill.Data;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Dialects.DjiCloud;

/// <summary>What a command is for, and of which job: what its <c>bid</c> says.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct DjiJobId(SealPurpose Purpose, long Id);

/// <summary>
/// The <c>bid</c> of a command is its job's id, sealed, in the form of a UUID: nothing is stored for it, and a reply or a progress leads to
/// its row. A command that is repeated has the same one.
/// </summary>
sealed class DjiJobIds(Seal seal)
{
    const string Root = "logs/";
    const int SealedLength = 22;

    static readonly SealPurpose[] Purposes = [SealPurpose.LogList, SealPurpose.LogStart, SealPurpose.LogCancel, SealPurpose.Upgrade];

    public string Bid(DjiJobId job) => new Guid(Base64Url.DecodeFromChars(seal.Write(job.Id, 0, job.Purpose)), bigEndian: true).ToString();

    /// <summary>Null for a text that is none of ours: some devices make up their own.</summary>
    public DjiJobId? Read(string? bid)
    {
        if (!Guid.TryParseExact(bid, "D", out var guid))
            return null;
        var text = Base64Url.EncodeToString(guid.ToByteArray(bigEndian: true));
        foreach (var purpose in Purposes)
        {
            if (seal.TryRead(text, purpose, out var id, out _))
                return new(purpose, id);
        }
        return null;
    }

    /// <summary>The log request that a progress is of: by its bid, or else by a key that is ours (quirk D27).</summary>
    public long? LogOf(string? bid, DjiLogProgress progress) => Read(bid) is { Purpose: SealPurpose.LogStart } job
        ? job.Id
        : progress.Files.Select(f => OfKey(f.Key)).FirstOrDefault(id => id is not null);

    /// <summary>Prefix of all that a log request puts into the bucket.</summary>
    public string Prefix(long logRequest) => $"{Root}{seal.Write(logRequest, 0, SealPurpose.LogRequest)}/";

    /// <summary>The log request whose prefix a key has.</summary>
    public long? OfKey(string? key) =>
        key is { Length: > SealedLength } && key.StartsWith(Root, StringComparison.Ordinal) && key.IndexOf('/', Root.Length) == Root.Length + SealedLength
        && seal.TryRead(key.AsSpan(Root.Length, SealedLength), SealPurpose.LogRequest, out var id, out _)
            ? id
            : null;
}
