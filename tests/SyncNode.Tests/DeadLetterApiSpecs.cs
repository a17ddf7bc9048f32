using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class DeadLetterApiSpecs : ServedApi
{
    private const string Letters = "/api/pipelines/shop/dead-letters";

    private readonly FakeDesk _desk = new();

    private protected override void Serve(IServiceCollection services) => services.AddSingleton<IDeadLetterDesk>(_desk);

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/7")]
    [InlineData("POST", "/7/retry")]
    [InlineData("POST", "/7/discard")]
    [InlineData("POST", "/retry")]
    [InlineData("POST", "/discard")]
    public async Task Without_the_token_nothing_is_shown_and_nothing_done(string method, string path)
    {
        Http.DefaultRequestHeaders.Authorization = null;
        using var answer = await Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), Letters + path));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer");
        (await answer.Content.ReadFromJsonAsync<ApiError>(ApiJson.Options))!.Hint!.ShouldContain("--token-file");
        foreach (var wrong in (string[])["x", Token.Value + "0", Token.Value[..^1], ""])
        {
            Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", wrong);
            (await ErrorAsync(HttpStatusCode.Forbidden, new HttpMethod(method), Letters + path)).Error.ShouldContain("not this node's");
        }
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Token.Value);
        await ErrorAsync(HttpStatusCode.Forbidden, new HttpMethod(method), Letters + path);
        _desk.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Letters_are_listed_page_by_page()
    {
        var page = (await Http.GetFromJsonAsync<DeadLetterPage>($"{Letters}?limit=2&before=9&table=prices&state=all", ApiJson.Options))!;
        page.Letters.Select(l => l.Id).ShouldBe([8, 7]);
        page.Next.ShouldBe(7);
        page.Letters[0].Key.GetProperty("id").GetString().ShouldBe("8");
        _desk.Asked.ShouldBe(["list prices any state before 9 limit 2"]);
        (await Http.GetFromJsonAsync<DeadLetterPage>($"{Letters}", ApiJson.Options))!.Next.ShouldBeNull();
        _desk.Asked[^1].ShouldBe("list open limit 50");
        await Http.GetFromJsonAsync<DeadLetterPage>($"{Letters}?ids=7,8", ApiJson.Options);
        _desk.Asked[^1].ShouldBe("list 7,8 any state limit 50");
    }

    [Fact]
    public async Task One_letter_comes_with_its_row()
    {
        (await Http.GetFromJsonAsync<DeadLetterView>($"{Letters}/7", ApiJson.Options))!.Row!.Value.GetProperty("note").GetString().ShouldBe("n");
        var error = await ErrorAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"{Letters}/99");
        error.Error.ShouldContain("no dead letter 99");
        error.Hint!.ShouldContain("dlq list");
    }

    [Theory]
    [InlineData("/7/retry", null, HttpStatusCode.Accepted, "retry 7")]
    [InlineData("/7/discard", null, HttpStatusCode.OK, "discard 7")]
    [InlineData("/retry", """{"ids":[7,8,7]}""", HttpStatusCode.Accepted, "retry 7,8")]
    [InlineData("/retry", """{"all":true}""", HttpStatusCode.Accepted, "retry")]
    [InlineData("/discard", """{"table":"sales.prices"}""", HttpStatusCode.OK, "discard prices")]
    public async Task Letters_are_retried_and_discarded(string path, string? body, HttpStatusCode status, string asked)
    {
        using var answer = await Http.PostAsync(Letters + path, body is null ? null : new StringContent(body));
        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadFromJsonAsync<DeadLettersChanged>(ApiJson.Options))!.Ids.ShouldBe([7L]);
        _desk.Asked.ShouldBe([asked + " any state"]);
    }

    [Theory]
    [InlineData("GET", "?limit=0", null)]
    [InlineData("GET", "?limit=501", null)]
    [InlineData("GET", "?before=x", null)]
    [InlineData("GET", "?state=closed", null)]
    [InlineData("GET", "?ids=1,x", null)]
    [InlineData("POST", "/retry", null)]
    [InlineData("POST", "/retry", "{}")]
    [InlineData("POST", "/retry", "{\"all\":true,\"ids\":[1]}")]
    [InlineData("POST", "/discard", "[]")]
    [InlineData("POST", "/discard", "null")]
    public async Task A_request_that_makes_no_sense_is_400(string method, string path, string? body)
    {
        (await ErrorAsync(HttpStatusCode.BadRequest, new HttpMethod(method), Letters + path, body)).Hint.ShouldNotBeNull();
        _desk.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_done_says_why()
    {
        _desk.Fails = new ApiRefusal(409, "pipeline 'shop' is not running: it is paused", "start it first");
        (await ErrorAsync(HttpStatusCode.Conflict, HttpMethod.Post, $"{Letters}/7/retry")).Hint.ShouldBe("start it first");
        _desk.Fails = new PipelineFailure(FailureClass.Transient, "source db: connection refused");
        (await ErrorAsync(HttpStatusCode.ServiceUnavailable, HttpMethod.Get, Letters)).Error.ShouldContain("refused");
        await ErrorAsync(HttpStatusCode.MethodNotAllowed, HttpMethod.Delete, Letters);
    }

    [Fact]
    public void A_token_is_random_or_what_the_environment_gives()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "  a token of the file  \n");
            ApiToken.Choose(_ => null).Value.ShouldNotBe(ApiToken.Choose(_ => null).Value);
            ApiToken.Choose(_ => null).Value.Length.ShouldBe(64);
            var given = ApiToken.Choose(name => name == TokenOption.FileVariable ? file : null);
            (given.Value, given.IsGiven).ShouldBe(("a token of the file", true));
            ApiToken.Choose(name => name == TokenOption.Variable ? "a token of many letters" : file).Value.ShouldBe("a token of many letters");
            Should.Throw<PipelineFailure>(() => ApiToken.Choose(name => name == TokenOption.Variable ? "short" : null)).ExitCode.ShouldBe(ExitCode.Usage);
            Should.Throw<PipelineFailure>(() => ApiToken.Choose(name => name == TokenOption.FileVariable ? file + "x" : null)).Message.ShouldContain(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    internal sealed class FakeDesk : IDeadLetterDesk
    {
        public List<string> Asked { get; } = [];

        public Exception? Fails { get; set; }

        public Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, long? before, int limit, CancellationToken cancellationToken)
        {
            Note("list", filter, (before is null ? "" : $" before {before}") + $" limit {limit}");
            return Task.FromResult<IReadOnlyList<StoredDeadLetter>>([.. new long[] { 8, 7 }.Where(id => filter.Ids?.Contains(id) != false).Select(id => new StoredDeadLetter(id,
                new DeadLetter("shop", new TableName("public", "prices"), "insert", $$"""{"id":"{{id}}"}""", """{"note":"n"}""", Position.Start, "refused", null, DateTimeOffset.UnixEpoch),
                1, DateTimeOffset.UnixEpoch, DeadLetterState.Open, null, null))]);
        }

        public Task<IReadOnlyList<long>> RetryAsync(DeadLetterFilter filter, CancellationToken cancellationToken) => Change("retry", filter);

        public Task<IReadOnlyList<long>> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken) => Change("discard", filter);

        private Task<IReadOnlyList<long>> Change(string what, DeadLetterFilter filter)
        {
            Note(what, filter, "");
            return Task.FromResult<IReadOnlyList<long>>([7]);
        }

        private void Note(string what, DeadLetterFilter filter, string more)
        {
            if (Fails is not null) throw Fails;
            var named = filter.Ids is { } ids ? $" {string.Join(',', ids)}" : filter.Tables is { } tables ? $" {string.Join(',', tables.Select(t => t.Name))}" : "";
            Asked.Add($"{what}{named}{(filter.State is { } state ? $" {state.ToString().ToLowerInvariant()}" : " any state")}{more}");
        }
    }
}
