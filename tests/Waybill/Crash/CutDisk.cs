using System.Security.Cryptography;
using System.Text;

namespace Waybill.Tests.Crash;

/// <summary>What a power cut makes of what was written and not synced.</summary>
enum Fate
{
    /// <summary>Nothing of it reached the disk.</summary>
    Lost,

    /// <summary>Any of it did, whole, torn or not.</summary>
    Mixed,

    /// <summary>All of it did.</summary>
    Kept,
}

/// <summary>
/// The disk under the journal. A file keeps what was written before an fsync of it began; a name is made, moved or gone for good only when its
/// directory was synced afterwards. Sync by <paramref name="isIgnored"/> can be made to do nothing: so a test sees that it matters.
/// </summary>
sealed class CutDisk(string root, Func<string, bool>? isIgnored = null)
{
    readonly Dictionary<string, CutFile> _live = [];
    readonly Dictionary<string, CutFile> _durable = [];
    readonly Dictionary<int, (string Path, CutFile File)> _open = [];
    readonly Dictionary<int, Action> _syncing = [];
    readonly Dictionary<string, int> _lastTurn = [];
    int _turns;

    public void Apply(Entry entry)
    {
        switch (entry.Kind)
        {
            case 'o':
                Open(entry);
                break;
            case 'w' or 't':
                _open[entry.Handle].File.Write(entry);
                break;
            case 's':
                _syncing[entry.Handle] = BeginSync(_open[entry.Handle]);
                break;
            case 'f':
                _syncing[entry.Handle] = BeginSyncOfAll();
                break;
            case 'S' or 'F':
                _syncing[entry.Handle]();
                break;
            case 'd':
                _live[entry.Path] = new();
                break;
            case 'u':
                _live.Remove(entry.Path);
                break;
            case 'r':
                Rename(entry);
                break;
        }
    }

    /// <summary>Lays out what a machine finds when it comes up again.</summary>
    public void Rebuild(string target, Fate fate)
    {
        foreach (var path in _live.Keys.Union(_durable.Keys).Where(p => !IsTransient(p)).OrderBy(p => p.Length))
        {
            var survivors = fate switch { Fate.Lost => _durable, Fate.Kept => _live, _ => RandomNumberGenerator.GetInt32(2) == 0 ? _durable : _live };
            var place = target + path[root.Length..];
            if (!survivors.TryGetValue(path, out var file) || !Directory.Exists(Path.GetDirectoryName(place)))
                continue;
            if (file.IsDirectory)
                Directory.CreateDirectory(place);
            else
                File.WriteAllBytes(place, file.After(fate));
        }
    }

    /// <summary>Files that nobody needs after a crash.</summary>
    public static bool IsTransient(string path) => path.EndsWith("-shm", StringComparison.Ordinal) || path.EndsWith(".lock", StringComparison.Ordinal);

    void Open(Entry entry)
    {
        if (!_live.TryGetValue(entry.Path, out var file))
            _live[entry.Path] = file = new() { IsDirectory = entry.Offset == 0 };
        _open[entry.Handle] = (entry.Path, file);
    }

    void Rename(Entry entry)
    {
        if (_live.Remove(entry.Path, out var file))
            _live[Encoding.UTF8.GetString(entry.Data.Span)] = file;
    }

    Action BeginSyncOfAll()
    {
        var directories = _live.Where(e => e.Value.IsDirectory).Select(e => e.Key).Append(root).ToList();
        var files = _live.Where(e => !e.Value.IsDirectory).Select(e => (e.Key, e.Value));
        Action[] all = [.. files.Select(BeginSync), .. directories.Select(d => BeginSync((d, _live.GetValueOrDefault(d, new()))))];
        return () => Array.ForEach(all, sync => sync());
    }

    /// <summary>What will be durable when the sync, which begins now, has succeeded.</summary>
    Action BeginSync((string Path, CutFile File) synced)
    {
        if (isIgnored?.Invoke(synced.Path) == true)
            return () => { };
        if (!synced.File.IsDirectory && synced.Path != root)
        {
            var written = synced.File.Written;
            return () => synced.File.Sync(written);
        }
        var names = _live.Where(e => Path.GetDirectoryName(e.Key) == synced.Path).ToList();
        var turn = ++_turns;
        return () =>
        {
            // one that began later has ended before
            if (_lastTurn.GetValueOrDefault(synced.Path) > turn)
                return;
            _lastTurn[synced.Path] = turn;
            foreach (var gone in _durable.Keys.Where(p => Path.GetDirectoryName(p) == synced.Path).ToList())
                _durable.Remove(gone);
            foreach (var (path, file) in names)
                _durable[path] = file;
        };
    }
}

/// <summary>A file or directory, whatever its name: what is on the disk, and the writes that are not.</summary>
sealed class CutFile
{
    const int Sector = 512;

    readonly CutContents _synced = new();
    readonly Queue<Entry> _pending = [];
    int _taken;

    /// <summary>What was made by mkdir or only ever opened, never made as a file.</summary>
    public bool IsDirectory { get; init; } = true;

    public int Written => _taken + _pending.Count;

    public void Write(Entry entry) => _pending.Enqueue(entry);

    public void Sync(int written)
    {
        for (; _taken < written; _taken++)
            Apply(_synced, _pending.Dequeue(), whole: true);
    }

    public byte[] After(Fate fate)
    {
        if (fate == Fate.Lost)
            return _synced.ToArray();
        var contents = new CutContents(_synced.ToArray());
        foreach (var entry in _pending.Where(_ => fate == Fate.Kept || RandomNumberGenerator.GetInt32(3) > 0))
            Apply(contents, entry, fate == Fate.Kept || RandomNumberGenerator.GetInt32(3) > 0);
        return contents.ToArray();
    }

    static void Apply(CutContents contents, Entry entry, bool whole)
    {
        if (entry.Kind == 't')
            contents.SetLength((int)entry.Offset);
        else if (whole)
            contents.Write((int)entry.Offset, entry.Data.Span);
        else
            contents.Write((int)entry.Offset, entry.Data.Span[..(RandomNumberGenerator.GetInt32(entry.Data.Length / Sector + 1) * Sector)]);
    }
}

/// <summary>Bytes that are written anywhere; holes are zeros.</summary>
sealed class CutContents(params byte[] bytes)
{
    byte[] _bytes = bytes;
    int _length = bytes.Length;

    public void SetLength(int length)
    {
        if (length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(length, _bytes.Length * 2));
        if (length < _length)
            _bytes.AsSpan(length, _length - length).Clear();
        _length = length;
    }

    public void Write(int offset, ReadOnlySpan<byte> data)
    {
        if (offset + data.Length > _length)
            SetLength(offset + data.Length);
        data.CopyTo(_bytes.AsSpan(offset));
    }

    public byte[] ToArray() => _bytes[.._length];
}
