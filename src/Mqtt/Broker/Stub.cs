#pragma warning disable
using System.Net;
namespace Waybill.Mqtt;
public sealed class MqttSession { public void Acknowledge(ushort id) { } public void Release() { } public bool Deliver(ReadOnlySpan<byte> t, ReadOnlySpan<byte> p) => false; public void Flush() { } public void Touch() { } public bool IsOpen => true; public System.Net.EndPoint? RemoteEndPoint => null; public void Disconnect(MqttReasonCode reason) { } public object? Tag { get; set; } }

public enum MqttReasonCode { AdministrativeAction = 0x98 }
