using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace PolyglotSync.Bench.Micro;

/// <summary>Short runs in this process: what is looked for are allocations, which do not vary, and times to within a few hundredths.</summary>
internal static class MicroConfig
{
    public static IConfig Create() => new ManualConfig()
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithGcConcurrent(false)
            .WithIterationTime(TimeInterval.FromMilliseconds(150))
            .WithWarmupCount(4)
            .WithIterationCount(7))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(NullLogger.Instance)
        .AddExporter(MarkdownExporter.GitHub)
        .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "polysync-bench"))
        .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.DisableOptimizationsValidator)
        .WithUnionRule(ConfigUnionRule.AlwaysUseLocal);
}
