namespace Waybill;

/// <summary>A "no" with a stable code. Each edge translates it once into its own wire form.</summary>
sealed class RefusedException(string code, string text) : Exception(text)
{
    public string Code { get; } = code;
}
