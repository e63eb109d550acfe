using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Waybill.Telemetry;

/// <summary>One line for one event: time (UTC), level, room, text; an exception's text follows it on the same line.</summary>
sealed class LineConsole() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var room = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        textWriter.Write(DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture));
        textWriter.Write($"{Level(logEntry.LogLevel)} {room}: {OneLine(logEntry.Formatter(logEntry.State, logEntry.Exception))}");
        if (logEntry.Exception is { } exception)
            textWriter.Write($" | {OneLine(exception.ToString())}");
        textWriter.Write('\n');
    }

    static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    // what devices sent must not look like lines of ours
    static string OneLine(string text) => text.ReplaceLineEndings(" ");
}

/// <summary>The console without scopes: no line shows them, and the web server's one for each connection would stay as long as the connection does.</summary>
[ProviderAlias("Console")]
sealed class UnscopedConsole(ConsoleLoggerProvider console) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => console.CreateLogger(categoryName);

    public void Dispose() => console.Dispose();
}

static class LineLogging
{
    public static void AddLineConsole(this ILoggingBuilder logging)
    {
        // it writes every URL, and URLs carry signatures and tokens
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        logging.AddConsoleFormatter<LineConsole, ConsoleFormatterOptions>();
        logging.Services
            .Configure<ConsoleLoggerOptions>(console => console.FormatterName = LineConsole.FormatterName)
            .AddSingleton<ConsoleLoggerProvider>()
            .AddSingleton<ILoggerProvider, UnscopedConsole>();
    }
}
