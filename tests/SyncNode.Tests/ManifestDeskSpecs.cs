using PolyglotSync.Actors.Placing;
using PolyglotSync.Contracts;
using PolyglotSync.Graph.Inference;
using PolyglotSync.SyncNode.Api;
using PolyglotSync.SyncNode.Clustering;
using PolyglotSync.SyncNode.Hosting;
using PolyglotSync.SyncNode.Manifests;
using Shouldly;
using Xunit;
using Tables = PolyglotSync.Graph.Tests.Compliance.Tables;

namespace PolyglotSync.SyncNode.Tests;

public sealed class ManifestDeskSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polysync-").FullName;
    private readonly FakeRunner _runner = new();
    private readonly FakeCatalog _catalog = new();
    private readonly ManifestDesk _desk;

    public ManifestDeskSpecs() => _desk = Desk(new ManifestFolder(_folder));

    public void Dispose()
    {
        _desk.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private ManifestDesk Desk(ManifestFolder? folder) => new(new ManifestReader(name => name == "PW" ? "x" : null, dsn => dsn), _runner, _catalog, folder);

    private static string Yaml(string name, string more = "") =>
        $"# mine\npipeline: {name}\nsource: {{ dsn: 'Host=db;Database={name};Password=s3cret' }}\ntarget: {{ uri: 'falkor://graph/{name}', password: \"${{PW}}\" }}\n{more}\n";

    private Task<ManifestChange> ApplyAsync(string name, string text, bool isDry = false) => _desk.ApplyAsync(name, new ManifestFile($"{name}.yaml", text), isDry, CancellationToken.None);

    private static Task<ManifestPlan> PlanAsync(ManifestDesk desk, bool isWhole, params string[] texts) =>
        desk.PlanAsync(new ManifestSet([.. texts.Select((t, i) => new ManifestFile($"{i}.yaml", t))], isWhole), CancellationToken.None);

    [Fact]
    public async Task A_new_manifest_is_started_kept_for_its_user_alone_and_shown_without_its_password()
    {
        (await ApplyAsync("shop", Yaml("shop"))).Action.ShouldBe(ManifestAction.Added);

        _runner.Done.ShouldBe(["replace shop"]);
        var file = Path.Combine(_folder, "shop.yaml");
        File.ReadAllText(file).ShouldBe(Yaml("shop"));
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var view = _desk.List().Manifests.ShouldHaveSingleItem();
        (view.Pipeline, view.File, view.IsKept).ShouldBe(("shop", file, true));
        view.Text.ShouldBe(Yaml("shop").Replace("'Host=db;Database=shop;Password=s3cret'", "\"Host=db;Database=shop;Password=********\"", StringComparison.Ordinal));
        Directory.GetFiles(_folder).ShouldBe([file]);
    }

    [Fact]
    public async Task A_dry_run_says_and_does_nothing()
    {
        (await ApplyAsync("shop", Yaml("shop"), isDry: true)).Need.ShouldBe(ManifestNeed.Start);
        _runner.Done.ShouldBeEmpty();
        _desk.List().Manifests.ShouldBeEmpty();
        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_goes_into_the_file_that_the_pipeline_came_from()
    {
        var file = Path.Combine(_folder, "10-shop.yml");
        Start(file, Yaml("shop"));
        var change = await ApplyAsync("shop", Yaml("shop", "limits: { writers: 8 }"));

        (change.Action, change.Need).ShouldBe((ManifestAction.Changed, ManifestNeed.Restart));
        _runner.Done.ShouldBe(["replace shop"]);
        File.ReadAllText(file).ShouldContain("writers: 8");
        Directory.GetFiles(_folder).ShouldBe([file]);
    }

    [Fact]
    public async Task Words_that_change_nothing_are_kept_and_nothing_is_restarted()
    {
        await ApplyAsync("shop", Yaml("shop"));
        (await ApplyAsync("shop", Yaml("shop", "# other words"))).Action.ShouldBe(ManifestAction.Unchanged);
        _runner.Done.ShouldBe(["replace shop"]);
        File.ReadAllText(Path.Combine(_folder, "shop.yaml")).ShouldContain("# other words");
    }

    [Fact]
    public async Task What_needs_a_copy_anew_is_refused_and_all_stays_as_it_is()
    {
        await ApplyAsync("shop", Yaml("shop"));
        var refusal = await Should.ThrowAsync<ApiRefusal>(ApplyAsync("shop", Yaml("shop", "tables: { users: { label: Person } }")));
        (refusal.Status, _runner.Done.Count).ShouldBe((409, 1));
        refusal.Message.ShouldContain("User, not Person");
        File.ReadAllText(Path.Combine(_folder, "shop.yaml")).ShouldBe(Yaml("shop"));
        (await ApplyAsync("shop", Yaml("shop", "tables: { users: { label: Person } }"), isDry: true)).Refusal.ShouldNotBeNull();
    }

    [Fact]
    public async Task Mistakes_of_all_manifests_are_said_at_once_with_what_they_have_in_common()
    {
        Start(Path.Combine(_folder, "shop.yaml"), Yaml("shop"));
        var failure = await Should.ThrowAsync<PipelineFailure>(PlanAsync(_desk, isWhole: false,
            "pipeline: a b\n", Yaml("ok"), Yaml("ok"), Yaml("other", "limits: { writers: 0 }"), Yaml("third").Replace("graph/third", "graph/shop", StringComparison.Ordinal)));
        failure.ExitCode.ShouldBe(ExitCode.InvalidManifest);
        foreach (var line in (string[])["0.yaml:1:11: 'a b' cannot name a pipeline", "0.yaml:1:1: 'source' is missing", "2.yaml:2:11: pipeline 'ok'", "3.yaml:5:20: 'writers' is 0", "label 'User'"])
            failure.Message.ShouldContain(line);
        failure.Message.ShouldStartWith("the manifests have ");
    }

    [Fact]
    public async Task A_mapping_that_does_not_fit_the_tables_is_a_mistake_of_the_manifest()
    {
        var failure = await Should.ThrowAsync<PipelineFailure>(ApplyAsync("shop", Yaml("shop", "tables: { nothing: { label: A } }")));
        failure.ExitCode.ShouldBe(ExitCode.InvalidManifest);
        failure.Message.ShouldContain("nothing");
        _runner.Done.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_that_does_not_answer_stops_its_own_pipeline_only()
    {
        await ApplyAsync("shop", Yaml("shop"));
        _catalog.Away = "shop";
        var plan = await PlanAsync(_desk, isWhole: true, Yaml("shop", "exclude_tables: follows"), Yaml("next"));
        plan.Changes.Select(c => (c.Pipeline, c.Refusal is null)).ShouldBe([("next", true), ("shop", false)]);
        plan.Changes[1].Refusal!.ShouldContain("nobody answers");
        // what does not touch the mapping needs nobody to be asked
        (await PlanAsync(_desk, isWhole: true, Yaml("shop", "limits: { writers: 8 }"))).Changes.ShouldHaveSingleItem().Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task A_whole_set_names_what_would_be_removed_first()
    {
        await ApplyAsync("shop", Yaml("shop"));
        await ApplyAsync("old", Yaml("old"));
        (await PlanAsync(_desk, isWhole: true, Yaml("shop"), Yaml("new"))).Changes.Select(c => (c.Pipeline, c.Action))
            .ShouldBe([("old", ManifestAction.Removed), ("new", ManifestAction.Added), ("shop", ManifestAction.Unchanged)]);
        (await PlanAsync(_desk, isWhole: false, Yaml("shop"))).Changes.ShouldHaveSingleItem().Action.ShouldBe(ManifestAction.Unchanged);
    }

    [Fact]
    public async Task A_removed_pipeline_is_stopped_its_manifest_deleted_and_its_slot_dropped_where_that_was_asked()
    {
        await ApplyAsync("shop", Yaml("shop"));
        await ApplyAsync("other", Yaml("other"));

        var removed = await _desk.RemoveAsync("shop", drop: true, CancellationToken.None);
        removed.Dropped.ShouldBe(["slot 'polysync_shop'"]);
        var kept = await _desk.RemoveAsync("other", drop: false, CancellationToken.None);
        kept.Dropped.ShouldBeEmpty();
        kept.Notes.ShouldContain(n => n.Contains("pg_drop_replication_slot('polysync_other')", StringComparison.Ordinal));

        _runner.Done[^2..].ShouldBe(["remove shop", "remove other"]);
        Directory.GetFiles(_folder).ShouldBeEmpty();
        (await Should.ThrowAsync<ApiRefusal>(_desk.RemoveAsync("shop", drop: false, CancellationToken.None))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Without_a_folder_a_change_lasts_until_the_node_ends_and_says_so()
    {
        using var desk = Desk(null);
        desk.Add(new ManifestReader(_ => "x", dsn => dsn).Read(Yaml("cli"), "cli", _folder), null);
        await desk.ApplyAsync("shop", new ManifestFile("shop.yaml", Yaml("shop")), isDry: false, CancellationToken.None);
        desk.List().Manifests.Select(m => (m.Pipeline, m.File, m.Text is null, m.IsKept)).ShouldBe([("cli", null, true, true), ("shop", null, false, false)]);
        desk.List().Folder.ShouldBeNull();
    }

    [Fact]
    public async Task The_manifest_of_one_pipeline_does_not_go_to_another() =>
        (await Should.ThrowAsync<ApiRefusal>(ApplyAsync("shop", Yaml("other")))).Status.ShouldBe(400);

    [Fact]
    public async Task A_folder_that_takes_nothing_is_said_and_the_pipeline_runs()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "shop.yaml"));
        var refusal = await Should.ThrowAsync<ApiRefusal>(ApplyAsync("shop", Yaml("shop")));
        refusal.Message.ShouldContain("cannot be kept");
        _desk.List().Manifests.ShouldHaveSingleItem().IsKept.ShouldBeFalse();
    }

    private void Start(string file, string text)
    {
        File.WriteAllText(file, text);
        var manifest = new ManifestReader(_ => "x", dsn => dsn).TryReadFile(file, new ManifestMistakes(file))!;
        _desk.Add(manifest.Settings, manifest);
    }

    [Fact]
    public async Task What_is_applied_here_is_checked_on_the_other_nodes_first_and_told_them()
    {
        var others = new FakeSpread();
        using var desk = new ManifestDesk(new ManifestReader(name => name == "PW" ? "x" : null, dsn => dsn), _runner, _catalog, new ManifestFolder(_folder), others);
        others.Refusal = "node b:4053 could not run it";
        (await Should.ThrowAsync<ApiRefusal>(desk.ApplyAsync("shop", new ManifestFile("shop.yaml", Yaml("shop")), isDry: false, CancellationToken.None))).Message.ShouldBe(others.Refusal);
        (await desk.ApplyAsync("shop", new ManifestFile("shop.yaml", Yaml("shop")), isDry: true, CancellationToken.None)).Refusal.ShouldBe(others.Refusal);
        _runner.Done.ShouldBeEmpty();

        others.Refusal = null;
        (await desk.ApplyAsync("shop", new ManifestFile("shop.yaml", Yaml("shop")), isDry: false, CancellationToken.None)).Notes.ShouldContain("node c:4053 did not answer");
        await desk.RemoveAsync("shop", drop: false, CancellationToken.None);
        others.Told.Select(m => (m.Pipeline, m.Text)).ShouldBe([("shop", Yaml("shop")), ("shop", null)]);
        others.Told[1].Version.ShouldBeGreaterThan(others.Told[0].Version);
    }

    [Fact]
    public async Task What_another_node_was_told_later_counts_here_too_and_is_kept()
    {
        await ApplyAsync("shop", Yaml("shop"));
        var own = _desk.Shared().ShouldHaveSingleItem();
        (await _desk.TakeAsync(own with { Version = own.Version.AddSeconds(-1), Text = Yaml("shop", "# older") })).ShouldBeEmpty();
        (await _desk.TakeAsync(own with { Version = own.Version.AddSeconds(1), Text = Yaml("shop", "# other words") })).ShouldBeEmpty();
        _runner.Done.ShouldBe(["replace shop"]);

        var version = own.Version.AddSeconds(2);
        (await _desk.TakeAsync(own with { Version = version, Text = Yaml("shop", "limits: { writers: 8 }") })).ShouldBeEmpty();
        _runner.Done.ShouldBe(["replace shop", "take shop"]);
        var file = Path.Combine(_folder, "shop.yaml");
        File.ReadAllText(file).ShouldContain("writers: 8");
        File.GetLastWriteTimeUtc(file).ShouldBe(version.UtcDateTime, "the next start knows how old it is");

        (await _desk.TakeAsync(new SharedManifest("shop", version.AddSeconds(1), null))).ShouldBeEmpty();
        _runner.Done.ShouldBe(["replace shop", "take shop", "leave shop"]);
        File.Exists(file).ShouldBeFalse();
        _desk.Shared().ShouldHaveSingleItem().Text.ShouldBeNull();
        (await _desk.TakeAsync(new SharedManifest("shop", version, Yaml("shop")))).ShouldBeEmpty();
        _desk.List().Manifests.ShouldBeEmpty("it was removed later");
    }

    [Fact]
    public async Task What_this_node_cannot_read_is_said_and_what_it_has_stays()
    {
        await ApplyAsync("shop", Yaml("shop"));
        var newer = new SharedManifest("shop", DateTimeOffset.UtcNow.AddDays(1), Yaml("shop").Replace("PW", "OTHER", StringComparison.Ordinal));
        _desk.Check(newer).ShouldHaveSingleItem().ShouldContain("OTHER");
        (await _desk.TakeAsync(newer)).ShouldHaveSingleItem().ShouldContain("OTHER");
        _desk.List().Manifests.ShouldHaveSingleItem().Text.ShouldNotBeNull().ShouldContain("${PW}");
    }

    private sealed class FakeSpread : IManifestSpread
    {
        public List<SharedManifest> Told { get; } = [];

        public string? Refusal { get; set; }

        public Task CheckAsync(SharedManifest manifest, CancellationToken cancellationToken) => Refusal is null ? Task.CompletedTask : throw new ApiRefusal(409, Refusal, null);

        public Task<IReadOnlyList<string>> TellAsync(SharedManifest manifest)
        {
            Told.Add(manifest);
            return Task.FromResult<IReadOnlyList<string>>(["node c:4053 did not answer"]);
        }
    }

    private sealed class FakeRunner : IPipelineRunner
    {
        public List<string> Done { get; } = [];

        public Task ReplaceAsync(PipelineSettings settings, CancellationToken cancellationToken)
        {
            Done.Add($"replace {settings.Name}");
            return Task.CompletedTask;
        }

        public Task RemoveAsync(string pipeline, CancellationToken cancellationToken)
        {
            Done.Add($"remove {pipeline}");
            return Task.CompletedTask;
        }

        public Task TakeAsync(PipelineSettings settings)
        {
            Done.Add($"take {settings.Name}");
            return Task.CompletedTask;
        }

        public Task LeaveAsync(string pipeline)
        {
            Done.Add($"leave {pipeline}");
            return Task.CompletedTask;
        }

        public Task<GraphMapping?> MappingAsync(string pipeline, CancellationToken cancellationToken) =>
            Task.FromResult<GraphMapping?>(MappingInference.Infer(Tables.Social(), new MappingSettings()).Mapping);
    }

    private sealed class FakeCatalog : ISourceCatalog
    {
        public string? Away { get; set; }

        public Task<DatabaseSchema> DescribeAsync(PipelineSettings settings, CancellationToken cancellationToken) =>
            settings.Name == Away ? throw new PipelineFailure(FailureClass.Transient, "nobody answers") { ExitCode = ExitCode.SourceUnavailable } : Task.FromResult(Tables.Social());

        public (GraphMapping Mapping, IReadOnlyList<string> Warnings) Map(PipelineSettings settings, DatabaseSchema schema) => (MappingInference.Infer(schema, settings.Mapping).Mapping, []);

        public async Task<IReadOnlyList<string>> CheckAsync(PipelineSettings settings, CancellationToken cancellationToken) => Map(settings, await DescribeAsync(settings, cancellationToken)).Warnings;

        public Task<IReadOnlyList<string>> DropAsync(PipelineSettings settings, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([$"slot 'polysync_{settings.Name}'"]);
    }
}
