using System.Security.Cryptography;

namespace Waybill.Api.Listening;

/// <summary>
/// What is made of files that may be replaced while the server runs: each look sees whether they changed. New ones count from then on,
/// those that do not work leave what was made before in place.
/// </summary>
sealed class FromFiles<T>(IReadOnlyList<string> paths, Func<T> make, Action<T> changed, Action<Exception> broken)
    where T : class
{
    readonly Lock _making = new();
    volatile Made? _made;

    public T Current
    {
        get
        {
            (DateTime, long)[] stamps = [.. paths.Select(Stamp)];
            if (_made is { } made && made.Stamps.AsSpan().SequenceEqual(stamps))
                return made.Value;
            lock (_making)
                return (_made is { } latest && latest.Stamps.AsSpan().SequenceEqual(stamps) ? latest : _made = Make(stamps, _made)).Value;
        }
    }

    Made Make((DateTime, long)[] stamps, Made? before)
    {
        try
        {
            var value = make();
            if (before is not null)
                changed(value);
            return new(stamps, value);
        }
        catch (Exception e) when (before is not null && e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            broken(e);
            return before! with { Stamps = stamps };
        }
    }

    // through symbolic links, which is how orchestrators swap secrets
    static (DateTime, long) Stamp(string path)
    {
        var file = new FileInfo(path);
        var target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return target.Exists ? (target.LastWriteTimeUtc, target.Length) : default;
    }

    sealed record Made((DateTime, long)[] Stamps, T Value);
}
