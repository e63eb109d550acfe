namespace Waybill.Tests;

/// <summary>The source tree that the tests were built in.</summary>
static class Checkout
{
    public static string Root { get; } = Find();

    static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Join(folder, "Waybill.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("the tests run outside the source tree");
        return folder;
    }
}
