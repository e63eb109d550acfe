namespace Waybill.Api.Listening;

/// <summary>Threads that poll the sockets go on with what came themselves, instead of waking another for it (decision 8). Two switches of the
/// runtime, read when the first socket is used; whoever set them keeps what they set.</summary>
static class PollingThreads
{
    public static void GoOn()
    {
        Default("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", 1);
        Default("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", Math.Max(1, Environment.ProcessorCount / 2));
    }

    static void Default(string name, int value)
    {
        if (Environment.GetEnvironmentVariable(name) is null)
            Environment.SetEnvironmentVariable(name, $"{value}");
    }
}
