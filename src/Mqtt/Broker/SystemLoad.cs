namespace Waybill.Mqtt.Broker;

/// <summary>A total as moving averages per minute.</summary>
sealed class SystemLoad(string name, Func<Traffic, long> of)
{
    long _before;

    public string Name => name;

    public double One { get; private set; }

    public double Five { get; private set; }

    public double Fifteen { get; private set; }

    public long Of(Traffic traffic) => of(traffic);

    public void Go(long total, double minutes)
    {
        if (minutes <= 0) return;
        var rate = (total - _before) / minutes;
        _before = total;
        One = Averaged(One, rate, minutes);
        Five = Averaged(Five, rate, minutes / 5);
        Fifteen = Averaged(Fifteen, rate, minutes / 15);
    }

    static double Averaged(double average, double rate, double part) => rate + Math.Exp(-part) * (average - rate);
}
