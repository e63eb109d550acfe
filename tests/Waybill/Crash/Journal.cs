using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Xunit;

namespace Waybill.Tests.Crash;

/// <summary>One thing the server did, in the order of the doing. Kinds and handles: <c>journal.c</c>.</summary>
sealed record Entry(char Kind, int Handle, long Offset, string Path, ReadOnlyMemory<byte> Data)
{
    /// <summary>What was heard or said, as far as it is of interest.</summary>
    public string Text { get; } = Kind is '<' or '>' ? Encoding.Latin1.GetString(Data.Span[..Math.Min(Data.Length, 4096)]) : "";
}

/// <summary>What <c>journal.c</c> wrote down of a run.</summary>
static class Journal
{
    const int HeadLength = 24;

    /// <summary>The library to be preloaded, built from the source beside this one.</summary>
    public static async Task<string> BuildAsync(string directory)
    {
        var library = Path.Join(directory, "journal.so");
        using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O2", "-o", library, Path.Join(AppContext.BaseDirectory, "Crash", "journal.c")]);
        await compiler.WaitForExitAsync(House.Soon);
        Assert.Equal(0, compiler.ExitCode);
        return library;
    }

    public static async Task<IReadOnlyList<Entry>> ReadAsync(string path)
    {
        var bytes = (ReadOnlyMemory<byte>)await File.ReadAllBytesAsync(path, House.Soon);
        var entries = new List<Entry>();
        while (bytes.Length >= HeadLength)
        {
            var head = bytes.Span;
            var (name, data) = (BinaryPrimitives.ReadInt32LittleEndian(head[16..]), BinaryPrimitives.ReadInt32LittleEndian(head[20..]));
            // the last one may be cut off by the kill
            if (bytes.Length < HeadLength + name + data)
                break;
            entries.Add(new(
                (char)BinaryPrimitives.ReadInt32LittleEndian(head), BinaryPrimitives.ReadInt32LittleEndian(head[4..]), BinaryPrimitives.ReadInt64LittleEndian(head[8..]),
                Encoding.UTF8.GetString(head.Slice(HeadLength, name)), bytes.Slice(HeadLength + name, data)));
            bytes = bytes[(HeadLength + name + data)..];
        }
        return entries;
    }
}

/// <summary>A promise, and where in the journal its request was heard and its answer said.</summary>
sealed record Answered(Promise Promise, int Heard, int Said)
{
    public static IReadOnlyList<Answered> Find(IReadOnlyList<Entry> journal, IEnumerable<Promise> promises)
    {
        var heard = Enumerable.Range(0, journal.Count).Where(i => journal[i].Kind == '<').ToList();
        var said = Enumerable.Range(0, journal.Count).Where(i => journal[i].Kind == '>').ToLookup(i => journal[i].Handle);
        var found = new List<Answered>();
        foreach (var promise in promises)
        {
            // a request that came in two pieces is passed over
            var request = heard.FirstOrDefault(i => promise.Request.All(t => journal[i].Text.Contains(t, StringComparison.Ordinal)), -1);
            if (request < 0)
                continue;
            found.Add(new(promise, request, said[journal[request].Handle].First(i => i > request && journal[i].Text.Contains(promise.Answer, StringComparison.Ordinal))));
        }
        return found;
    }
}
