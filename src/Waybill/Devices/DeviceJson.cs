using System.Text.Json.Serialization;

namespace Waybill.Devices;

/// <summary>JSON columns of products and devices: dialect names, tags.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
sealed partial class DeviceJson : JsonSerializerContext;
