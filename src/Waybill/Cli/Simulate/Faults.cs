namespace Waybill.Cli.Simulate;

[Flags]
enum Faults
{
    None = 0,
    Drop = 1,
    WrongMd5 = 2,
    Repeat = 4,
    Reboot = 8,
    FalseDone = 16,
    Reflash = 32,
}

static class FaultWords
{
    public static readonly Faults[] All = [Faults.Drop, Faults.WrongMd5, Faults.Repeat, Faults.Reboot, Faults.Reflash, Faults.FalseDone];

    public static string Of(Faults fault) => fault switch
    {
        Faults.Drop => "connection dropped",
        Faults.WrongMd5 => "wrong MD5",
        Faults.Repeat => "messages repeated",
        Faults.Reboot => "reboot",
        Faults.Reflash => "reflash",
        _ => "false done",
    };

    /// <summary>Every one of a set.</summary>
    public static string AllOf(Faults faults) => string.Join(", ", All.Where(f => faults.HasFlag(f)).Select(Of));
}
