namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>Names the normative statements of a specification that a test would find broken, "3.1.2-4" for [MQTT-3.1.2-4].</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
sealed class ConformsAttribute(string version, string statements) : Attribute
{
    public string Version => version;

    public IEnumerable<string> Statements => statements.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
