namespace Waybill.Logs;

/// <summary>Which logs of a list belong to a time: what is chosen where nobody looks at each dock's list.</summary>
static class LogSelection
{
    /// <param name="lists">As the dock listed them; modules that cannot be had are left out.</param>
    /// <param name="since">Unix milliseconds.</param>
    /// <param name="until">Unix milliseconds; from here on nothing more.</param>
    /// <param name="most">Of one module: the newest.</param>
    public static IReadOnlyList<LogChoice> Of(IReadOnlyList<LogList> lists, long since, long until, int most) =>
        [.. from list in lists
            where list.Code == 0
            let boots = list.Boots.Where(b => IsWithin(b, since, until)).OrderByDescending(b => b.Start ?? b.End ?? long.MaxValue).ThenByDescending(b => b.Index).Take(most)
            let indexes = boots.Select(b => b.Index).Order().ToList()
            where indexes.Count > 0
            select new LogChoice(list.Module, indexes)];

    /// <summary>A log whose times are not known may be of any time.</summary>
    static bool IsWithin(BootLog boot, long since, long until) => (boot.Start ?? long.MinValue) < until && (boot.End ?? long.MaxValue) >= since;
}
