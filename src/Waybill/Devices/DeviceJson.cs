using System.Text.Json.Serialization;

namespace Waybill.Devices;

/// <summary>JSON columns of products, devices and keys: names, tags; and what app tokens carry.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(AppToken))]
sealed partial class DeviceJson : JsonSerializerContext;
