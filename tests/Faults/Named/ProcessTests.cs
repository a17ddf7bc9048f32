using PolyglotSync.Contracts;
using PolyglotSync.Faults.Faults;
using PolyglotSync.Faults.Load;
using PolyglotSync.Faults.Worlds;
using PolyglotSync.Testing.Node;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Named;

/// <summary>What the node's process has of its machine: failpoints, files, the clock.</summary>
[Collection(FaultCollection.Name)]
[Trait("Category", "Integration")]
public sealed class ProcessTests(FaultServers servers)
{
    [Theory]
    [InlineData("no.such-place@1", "there is no place 'no.such-place'; there are slot.before-create")]
    [InlineData("graph.before-commit@0", "from 1 on")]
    [InlineData("graph.before-commit@1:explode", "there is no action 'explode'")]
    public async Task A_failpoint_that_is_none_ends_the_command_and_says_which_there_are(string failpoint, string message)
    {
        await using var node = SyncNodeProcess.Run(new Dictionary<string, string> { [Failpoint.Variable] = failpoint },
            "--source", "postgres://nobody@127.0.0.1:1/none", "--target", "falkor://127.0.0.1:1/none");
        await node.ExitAsync(TimeSpan.FromSeconds(20));
        node.ExitCode.ShouldBe((int)ExitCode.Usage);
        node.Error.ShouldContain(message);
    }

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public async Task Killed_at_each_failpoint_the_node_goes_on_where_it_was(string place)
    {
        await using var world = await NamedWorld.NewAsync(servers, GraphKind.Falkor);
        await using var load = new RandomLoad(world, seed: 6);
        world.Node.Start($"{place}@1");
        if (place == Failpoint.Stopping)
        {
            await world.Node.UntilStreamingAsync(TimeSpan.FromSeconds(60));
            world.Node.Current.AskToStop();
        }
        await world.Node.Current.ExitAsync(TimeSpan.FromSeconds(30));
        world.Node.Current.Error.ShouldContain($"failpoint {place} is reached");
        world.Node.Start();
        await world.Node.UntilStreamingAsync(TimeSpan.FromSeconds(60));
        await load.DisposeAsync();
        await world.ShouldBeRightAsync();
    }

    public static TheoryData<string> Places => [.. Failpoint.DirectNames];

    [SkippableTheory]
    [InlineData(86_400)]
    [InlineData(-86_400)]
    public async Task A_clock_that_jumps_by_a_day_stops_nothing(int seconds)
    {
        await using var world = await NamedWorld.NewAsync(servers, GraphKind.Falkor);
        world.Node.Start($"{Failpoint.AfterCommit}@8:clock{seconds:+0;-0}");
        await using var load = new RandomLoad(world, seed: 7);
        await Eventually.AsyncTrue(() => Task.FromResult(world.Node.Said.Contains("is reached", StringComparison.Ordinal)), what: "the clock has jumped");
        await NetworkFaults.Cut(NetworkLink.Source, times: 2).RunAsync(world);
        await NetworkFaults.Cut(NetworkLink.Target, times: 2).RunAsync(world);
        await load.DisposeAsync();
        await world.ShouldBeRightAsync();
    }

    [SkippableFact]
    public async Task The_node_writes_nothing_on_its_disk_so_a_full_one_does_not_matter()
    {
        await using var world = await NamedWorld.NewAsync(servers, GraphKind.Falkor);
        // no file may grow: what a full disk does to writes, and more. The runtime's own files (its debugger's pipes, double-mapped code) are switched off, as they are on a read-only machine
        world.Node.StartWithoutDisk();
        await using var load = new RandomLoad(world, seed: 8);
        await world.Node.UntilStreamingAsync(TimeSpan.FromSeconds(60));
        OpenForWriting(world.Node.Current.Id).ShouldBeEmpty();
        await load.DisposeAsync();
        await world.ShouldBeRightAsync();
    }

    /// <summary>Files on disk that the process holds open for writing.</summary>
    private static List<string> OpenForWriting(int process)
    {
        var files = new List<string>();
        foreach (var descriptor in new DirectoryInfo($"/proc/{process}/fd").EnumerateFileSystemInfos())
        {
            if (descriptor.LinkTarget is not { } path || !path.StartsWith('/') || path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/memfd:", StringComparison.Ordinal)) continue;
            var flags = File.ReadLines($"/proc/{process}/fdinfo/{descriptor.Name}").First(l => l.StartsWith("flags:", StringComparison.Ordinal));
            if ((Convert.ToInt32(flags[6..].Trim(), 8) & 3) != 0) files.Add(path);
        }
        return files;
    }
}
