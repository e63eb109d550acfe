namespace Waybill.Events;

/// <summary>What an event is about shows in its state: each kind of subject has its states from such a number on.</summary>
static class EventSubject
{
    public const short Transfer = 0;
    public const short Object = 100;
    public const short Log = 200;
    public const short Upgrade = 300;

    /// <summary>Where the kind of subject begins that a state is of.</summary>
    public static short Of(short state) => (short)(state / 100 * 100);
}
