using System.Globalization;
using System.Text;

namespace PolyglotSync.SyncNode.Api.Metrics;

/// <summary>
/// Prometheus' text format, version 0.0.4. Written here since it is a page of code, and the exporters that could do it either keep a registry of their own beside the status
/// that the API has anyway, or ask for packages that not every feed has.
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Render(IEnumerable<Metric> metrics)
    {
        var text = new StringBuilder();
        foreach (var metric in metrics)
        {
            if (metric.Samples.Count == 0) continue;
            text.Append("# HELP ").Append(metric.Name).Append(' ').Append(Escape(metric.Help, quotes: false)).Append('\n');
            text.Append("# TYPE ").Append(metric.Name).Append(metric.Kind == MetricKind.Counter ? " counter\n" : " gauge\n");
            foreach (var sample in metric.Samples) Append(text, metric.Name, sample);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, Sample sample)
    {
        text.Append(name);
        if (sample.Labels.Count > 0) text.Append('{').AppendJoin(',', sample.Labels.Select(l => $"{l.Name}=\"{Escape(l.Value, quotes: true)}\"")).Append('}');
        text.Append(' ').Append(Number(sample.Value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A help text keeps its quotes as they are.</summary>
    private static string Escape(string text, bool quotes)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }
}
