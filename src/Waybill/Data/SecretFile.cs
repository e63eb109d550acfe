using System.Text;

namespace Waybill.Data;

/// <summary>A secret that is made at first start and kept in a file only its owner can read.</summary>
static class SecretFile
{
    public static string ReadOrMake(string path, Func<string> make)
    {
        if (!File.Exists(path))
            Write(path, make());
        return File.ReadAllText(path).Trim();
    }

    static void Write(string path, string secret)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        // under another name first: a crash must not leave half a key
        var fresh = path + ".new";
        File.Delete(fresh);
        using (var file = new FileStream(fresh, options))
        {
            file.Write(Encoding.ASCII.GetBytes(secret + "\n"));
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, path);
    }
}
