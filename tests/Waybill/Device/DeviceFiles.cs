using Waybill.Device;
using Waybill.Protocols.TencentExplorer;

namespace Waybill.Tests.Device;

/// <summary>The directory of a device of the Explorer dialect.</summary>
sealed class DeviceFiles : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("waybill-storage-").FullName;

    public IEnumerable<string> Names => Directory.GetFiles(_folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal);

    public ExplorerStorage Storage(params IEnumerable<ExplorerResource> held) => new(held)
    {
        Open = (resource, _) => new(new FileStream(Path.Join(_folder, resource.Name), FileMode.OpenOrCreate)),
        Erase = (resource, _) =>
        {
            File.Delete(Path.Join(_folder, resource.Name));
            return default;
        },
    };

    public byte[] Bytes(string name) => File.ReadAllBytes(Path.Join(_folder, name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
