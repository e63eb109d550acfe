using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Waybill.Data;

/// <summary>Binds SQLite to the operating system's library, which gets security fixes (decision 0002).</summary>
static class SqliteLibrary
{
    [ModuleInitializer]
    internal static void Bind()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        NativeLibrary.SetDllImportResolver(typeof(SqliteLibrary).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        // nobody asks how much memory it has; counting takes a lock of the whole process at every allocation
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        string.Equals(name, "e_sqlite3", StringComparison.Ordinal) ? NativeLibrary.Load(SystemName(), assembly, path) : 0;

    static string SystemName() =>
        OperatingSystem.IsWindows() ? "winsqlite3.dll" : OperatingSystem.IsMacOS() ? "libsqlite3.dylib" : "libsqlite3.so.0";
}
