namespace Waybill.Events;

/// <summary>A "no" that says where to go on: what stood behind the cursor has been pruned.</summary>
sealed class CursorExpiredException(long oldest) : Exception("Events behind this cursor are gone. Go on from 'oldest' and read what you follow anew.")
{
    public const string Code = "cursor_expired";

    public long Oldest => oldest;
}
