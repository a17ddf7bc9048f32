using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>The node's log: Serilog, to stderr, one line an event.</summary>
internal static partial class NodeLog
{
    public const string Variable = "POLYSYNC_LOG_LEVEL";
    public static readonly string[] Levels = ["trace", "debug", "information", "warning", "error"];

    private const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}";

    public static Action<ILoggingBuilder> To(string level) => logging =>
    {
        logging.SetMinimumLevel(LogLevel.Trace);
        logging.AddSerilog(Create(level), dispose: true);
    };

    [LoggerMessage(3100, LogLevel.Warning,
        "the API's token cannot be left for commands of this user: {Reason}; for dlq give the node a token (POLYSYNC_API_TOKEN_FILE) or a folder that takes it (POLYSYNC_STATE)")]
    public static partial void TokenNotLeft(Microsoft.Extensions.Logging.ILogger log, string reason);

    [LoggerMessage(3101, LogLevel.Warning, "the API's token file {File} holds no token of 16 characters or more, or cannot be read; the last one stays valid")]
    public static partial void TokenUnfit(Microsoft.Extensions.Logging.ILogger log, string file);

    [LoggerMessage(3102, LogLevel.Information, "the API's token was read anew from {File}; the old one is valid no longer")]
    public static partial void TokenTaken(Microsoft.Extensions.Logging.ILogger log, string file);

    [LoggerMessage(3103, LogLevel.Information, "the API's certificate was read anew from {File}; it is good until {NotAfter:u}")]
    public static partial void CertificateTaken(Microsoft.Extensions.Logging.ILogger log, string file, DateTime notAfter);

    [LoggerMessage(3104, LogLevel.Warning, "the API's certificate in {File} has changed and cannot be used: {Reason}; the last good one stays")]
    public static partial void CertificateUnfit(Microsoft.Extensions.Logging.ILogger log, string file, string reason);

    public static Logger Create(string level)
    {
        var minimum = level switch
        {
            "trace" => LogEventLevel.Verbose,
            "debug" => LogEventLevel.Debug,
            "warning" => LogEventLevel.Warning,
            "error" => LogEventLevel.Error,
            _ => LogEventLevel.Information,
        };
        return new LoggerConfiguration()
            .MinimumLevel.Is(minimum)
            .MinimumLevel.Override("Microsoft", minimum > LogEventLevel.Debug ? LogEventLevel.Warning : minimum)
            .MinimumLevel.Override("Npgsql", minimum > LogEventLevel.Debug ? LogEventLevel.Error : minimum)
            .WriteTo.Console(outputTemplate: Template, standardErrorFromLevel: LogEventLevel.Verbose, formatProvider: System.Globalization.CultureInfo.InvariantCulture)
            .CreateLogger();
    }
}
