using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Cli.Tests;

public sealed class DeadLetterSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polysync-cli").FullName;

    private string TokenPath => Path.Combine(_folder, "token");

    public DeadLetterSpecs() => File.WriteAllText(TokenPath, "a secret of many letters\n");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static DeadLetterView Letter(long id, DeadLetterState state = DeadLetterState.Open, DateTimeOffset? retried = null) => new()
    {
        Id = id, Pipeline = "shop", Table = "public.prices", State = state, Key = DeadLetterView.JsonOf("""{"id":"52"}"""), Operation = "insert",
        Reason = "[cents] cannot hold 0.5", Count = 3, FirstSeen = DateTimeOffset.UnixEpoch, LastSeen = DateTimeOffset.UnixEpoch.AddHours(1), Position = "0/7:3",
        Row = DeadLetterView.JsonOf("""{"id":"52","cents":"0.5","note":null}"""), Cypher = "CREATE (p:Price)", RetriedAt = retried,
    };

    private static string Json(object value) => JsonSerializer.Serialize(value, ApiJson.Options);

    private static string Pipelines(params string[] names) => Json(names.Select(Polysync.Status).ToArray());

    private Task<(ExitCode Code, string Out, string Error)> RunAsync(FakeNode node, params string[] args) =>
        Polysync.RunAsync([.. args, "--api", node.Address, "--token-file", TokenPath]);

    [Fact]
    public async Task A_list_names_letters_of_the_only_pipeline_and_carries_the_token()
    {
        await using var node = new FakeNode(path => (200, path == "/api/pipelines" ? Pipelines("shop") : Json(new DeadLetterPage([Letter(7)], 7))));
        var (code, output, error) = await RunAsync(node, "dlq", "list", "--limit", "1", "--table", "prices", "--before", "9");
        code.ShouldBe(ExitCode.Success);
        foreach (var shown in (string[])["7", "public.prices", "id=52", "open", "3", "1970-01-01 01:00:00", "[cents] cannot hold 0.5"]) output.ShouldContain(shown);
        error.ShouldContain("--before 7");
        node.Requests.ShouldContain(("GET", "/api/pipelines/shop/dead-letters?state=open&limit=1&table=prices&before=9", "", "Bearer a secret of many letters"));
    }

    [Fact]
    public async Task The_next_page_of_several_pipelines_leaves_nothing_out()
    {
        await using var node = new FakeNode(path => (200, path == "/api/pipelines" ? Pipelines("shop", "crm")
            : path.Contains("/shop/", StringComparison.Ordinal) ? Json(new DeadLetterPage([Letter(90)], 90)) : Json(new DeadLetterPage([Letter(4)], null))));
        var (_, _, error) = await RunAsync(node, "dlq", "list", "--limit", "1");
        error.ShouldContain("--before 90");
    }

    [Fact]
    public async Task Json_is_what_the_api_answered_and_no_letters_are_said_so()
    {
        await using var node = new FakeNode(_ => (200, Json(new DeadLetterPage([Letter(7)], null))));
        var (_, output, error) = await RunAsync(node, "dlq", "list", "-p", "shop", "-o", "json");
        JsonSerializer.Deserialize<DeadLetterView[]>(output, ApiJson.Options)!.ShouldHaveSingleItem().Reason.ShouldBe(Letter(7).Reason);
        error.ShouldBeEmpty();
        await using var empty = new FakeNode(_ => (200, Json(new DeadLetterPage([], null))));
        (await RunAsync(empty, "dlq", "list", "-p", "shop")).Out.Trim().ShouldBe("no dead letters");
    }

    [Fact]
    public async Task Show_tells_everything_of_a_letter()
    {
        await using var node = new FakeNode(_ => (200, Json(Letter(7))));
        var (code, output, _) = await RunAsync(node, "dlq", "show", "7", "-p", "shop");
        code.ShouldBe(ExitCode.Success);
        foreach (var shown in (string[])["row cents", "0.5", "NULL", "CREATE (p:Price)", "0/7:3", "insert", "1970-01-01 00:00:00"]) output.ShouldContain(shown);
        node.Asked.ShouldBe(["/api/pipelines/shop/dead-letters/7"]);
    }

    [Theory]
    [InlineData("{\"op\":", "{\"op\":")]
    [InlineData("""{"op":"zz","after":{"id":7}}""", """{"op":"zz","after":{"id":7}}""")]
    [InlineData(null, "empty")]
    public async Task Of_a_message_that_could_not_be_read_its_text_is_shown(string? message, string shown)
    {
        await using var node = new FakeNode(_ => (200, Json(Letter(7) with { Operation = "message", Cypher = null, Row = message is null ? null : DeadLetterView.JsonOf(message) })));
        var (_, output, _) = await RunAsync(node, "dlq", "show", "7", "-p", "shop");
        output.ShouldContain(shown);
        output.ShouldNotContain("row op");
    }

    [Fact]
    public async Task Of_a_long_message_the_beginning_is_shown()
    {
        await using var node = new FakeNode(_ => (200, Json(Letter(7) with { Operation = "message", Row = DeadLetterView.JsonOf(new string('y', 60_000)) })));
        var (_, output, _) = await RunAsync(node, "dlq", "show", "7", "-p", "shop");
        output.Count(c => c == 'y').ShouldBeInRange(2_000, 2_100);
        output.ShouldContain("'-o json' has more");
    }

    [Fact]
    public async Task A_retry_waits_for_the_answer_and_says_what_became_of_each_row()
    {
        var looks = 0;
        await using var node = new FakeNode(path => path.EndsWith("/retry", StringComparison.Ordinal) ? (202, Json(new DeadLettersChanged([7, 8])))
            : (200, Json(new DeadLetterPage(++looks == 1 ? [Letter(8, retried: DateTimeOffset.UnixEpoch), Letter(7, DeadLetterState.Resolved)] : [Letter(8)], null))));
        var (code, output, error) = await RunAsync(node, "dlq", "retry", "7", "8", "-p", "shop");
        code.ShouldBe(ExitCode.RefusedAgain);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["7 public.prices id=52: resolved", "8 public.prices id=52: refused again: [cents] cannot hold 0.5"]);
        error.ShouldContain("1 of 2 rows were refused again");
        node.Requests[0].ShouldBe(("POST", "/api/pipelines/shop/dead-letters/retry", """{"ids":[7,8],"table":null,"all":false}""", "Bearer a secret of many letters"));
        node.Asked[^1].ShouldEndWith("ids=8");
    }

    [Fact]
    public async Task A_retry_that_takes_longer_than_the_time_given_is_exit_code_8_and_goes_on()
    {
        await using var node = new FakeNode(path => path.EndsWith("/retry", StringComparison.Ordinal) ? (202, Json(new DeadLettersChanged([7])))
            : (200, Json(new DeadLetterPage([Letter(7, retried: DateTimeOffset.UnixEpoch)], null))));
        var (code, _, error) = await RunAsync(node, "dlq", "retry", "--all", "-p", "shop", "--timeout", "0.3");
        code.ShouldBe(ExitCode.TimedOut);
        error.ShouldContain("goes on by itself");
        (await RunAsync(node, "dlq", "retry", "--table", "prices", "-p", "shop", "--timeout", "0")).Code.ShouldBe(ExitCode.Success);
        node.Requests.ShouldContain(r => r.Body == """{"ids":null,"table":"prices","all":false}""");
    }

    [Fact]
    public async Task A_discard_wants_to_be_meant()
    {
        await using var node = new FakeNode(_ => (200, Json(new DeadLettersChanged([7]))));
        var (code, _, error) = await RunAsync(node, "dlq", "discard", "7", "-p", "shop");
        code.ShouldBe(ExitCode.Usage);
        error.ShouldContain("--yes");
        node.Asked.ShouldBeEmpty();
        var (done, output, _) = await RunAsync(node, "dlq", "discard", "7", "-p", "shop", "--yes");
        done.ShouldBe(ExitCode.Success);
        output.Trim().ShouldBe("dead letter 7 is discarded");
    }

    [Fact]
    public async Task A_pipeline_that_the_node_captures_for_itself_is_one()
    {
        var both = Json(new[] { Polysync.Status("shop"), Polysync.Status("shop") with { Role = PipelineRole.Capture } });
        await using var node = new FakeNode(path => (200, path == "/api/pipelines" ? both : path.EndsWith("/7", StringComparison.Ordinal) ? Json(Letter(7)) : Json(new DeadLetterPage([Letter(7)], null))));
        JsonSerializer.Deserialize<DeadLetterView[]>((await RunAsync(node, "dlq", "list", "-o", "json")).Out, ApiJson.Options)!.Length.ShouldBe(1);
        (await RunAsync(node, "dlq", "show", "7")).Code.ShouldBe(ExitCode.Success);
    }

    [Fact]
    public async Task Of_several_pipelines_one_has_to_be_named()
    {
        await using var node = new FakeNode(_ => (200, Pipelines("shop", "social")));
        var (code, _, error) = await RunAsync(node, "dlq", "show", "7");
        code.ShouldBe(ExitCode.Usage);
        error.ShouldContain("shop, social");
        error.ShouldContain("--pipeline");
    }

    [Theory]
    [InlineData(401, ExitCode.Unauthorized)]
    [InlineData(403, ExitCode.Unauthorized)]
    [InlineData(404, ExitCode.Failed)]
    [InlineData(409, ExitCode.Failed)]
    public async Task What_the_node_refuses_is_said_with_its_exit_code(int status, ExitCode expected)
    {
        await using var node = new FakeNode(_ => (status, """{"error":"it does not want to","hint":"ask nicely"}"""));
        var (code, _, error) = await RunAsync(node, "dlq", "retry", "7", "-p", "shop");
        code.ShouldBe(expected);
        error.ShouldContain("it does not want to; ask nicely");
    }

    [Fact]
    public void A_token_is_found_in_the_option_the_environment_and_what_a_node_of_the_user_left()
    {
        var environment = new Dictionary<string, string> { ["HOME"] = _folder };
        var api = new Uri("http://127.0.0.1:7710");
        string? Find(string? option = null) => TokenOption.Find(option, api, environment.GetValueOrDefault);

        Find().ShouldBeNull();
        var left = TokenFile.For(new Uri("http://localhost:7710"), environment.GetValueOrDefault)!;
        left.ShouldBe(Path.Combine(_folder, ".local", "state", "polysync", "api-localhost-7710.token"));
        TokenFile.Write(left, "left");
        TokenFile.Write(left, "left again");
        Find().ShouldBe("left again");
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(left).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(Path.GetDirectoryName(left)!).ShouldHaveSingleItem();
        environment[TokenOption.FileVariable] = TokenPath;
        Find().ShouldBe("a secret of many letters");
        environment[TokenOption.Variable] = "of the environment";
        Find().ShouldBe("of the environment");
        Find(TokenPath).ShouldBe("a secret of many letters");
        Should.Throw<PipelineFailure>(() => Find(TokenPath + "x")).ExitCode.ShouldBe(ExitCode.Usage);
        TokenFile.Remove(left, "another");
        File.Exists(left).ShouldBeTrue();
        TokenFile.Remove(left, "left again");
        File.Exists(left).ShouldBeFalse();
    }

    [Fact]
    public void A_token_is_found_for_its_own_host_alone()
    {
        var environment = new Dictionary<string, string> { ["XDG_STATE_HOME"] = "/state", ["HOME"] = "/home" };
        string? For(string api) => TokenFile.For(new Uri(api), environment.GetValueOrDefault);

        For("http://db1:7710").ShouldBe("/state/polysync/api-db1-7710.token");
        For("http://0.0.0.0:7710").ShouldBe(For("http://[::1]:7710"));
        For("http://127.0.0.1:7711").ShouldNotBe(For("http://127.0.0.1:7710"));
        environment[TokenFile.FolderVariable] = "/elsewhere";
        For("http://[fe80::1]:7710").ShouldBe("/elsewhere/api-fe80__1-7710.token");
        environment.Clear();
        For("http://db1:7710").ShouldBeNull();
    }
}
