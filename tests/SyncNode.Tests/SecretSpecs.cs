using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using PolyglotSync.Cli;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using PolyglotSync.SyncNode.Run;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class SecretSpecs
{
    [Fact]
    public async Task A_token_is_rotated_by_its_file()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("polysync-token-").FullName, "token");
        File.WriteAllText(file, "the first of the tokens\n");
        var any = new Uri("http://127.0.0.1:0");
        await using var app = ApiServer.Create(any, ApiToken.Choose(name => name == TokenOption.FileVariable ? file : null), _ => { }, services => services
            .AddSingleton<IPipelines>(new NoPipelines()).AddSingleton<IDeadLetterDesk>(new DeadLetterApiSpecs.FakeDesk()));
        using var http = new HttpClient { BaseAddress = await ApiServer.StartAsync(app, any, CancellationToken.None) };

        async Task<HttpStatusCode> WithAsync(string token)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await http.GetAsync("/api/pipelines/shop/dead-letters");
            return answer.StatusCode;
        }

        (await WithAsync("the first of the tokens")).ShouldBe(HttpStatusCode.OK);
        File.WriteAllText(file, "the second of the tokens\n");
        (await WithAsync("the first of the tokens")).ShouldBe(HttpStatusCode.Forbidden);
        (await WithAsync("the second of the tokens")).ShouldBe(HttpStatusCode.OK);
        // what is no token opens nothing, and locks nobody out
        File.WriteAllText(file, "short");
        (await WithAsync("short")).ShouldBe(HttpStatusCode.Forbidden);
        (await WithAsync("the second of the tokens")).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("no route to postgres://ann:s3cret@db:5432/shop", "no route to postgres://ann:***@db:5432/shop")]
    [InlineData("bolt://neo4j:s3cret@graph and bolt://graph", "bolt://neo4j:***@graph and bolt://graph")]
    [InlineData("host=db Password=s3cret dbname=x", "host=db Password=*** dbname=x")]
    [InlineData("Host=db;password = 's3 cret';Database=x", "Host=db;password = ***;Database=x")]
    [InlineData("at http://127.0.0.1:7710/x@y", "at http://127.0.0.1:7710/x@y")]
    public void Passwords_are_hidden_in_what_quotes_a_person(string text, string hidden) => Secrets.Hide(text).ShouldBe(hidden);

    [Fact]
    public async Task A_mistake_on_the_command_line_does_not_repeat_the_password()
    {
        var error = new StringWriter();
        await PolysyncCommand.RunAsync(NodeCommands.CreateRoot(), ["status", "postgres://ann:s3cret@db/shop"], TextWriter.Null, error, CancellationToken.None);
        await PolysyncCommand.RunAsync(NodeCommands.CreateRoot(), ["run", "postgres://ann:s3cret@db/shop"], TextWriter.Null, error, CancellationToken.None);
        error.ToString().ShouldContain("ann:***@");
        error.ToString().ShouldNotContain("s3cret");
    }

    [Theory]
    [InlineData("postgres://ann:s3cret@db/shop", "bolt://neo4j:s3cret@graph", "--source and --target")]
    [InlineData("host=db dbname=shop password=s3cret", "bolt://graph", "--source")]
    [InlineData("Host=db;Password=s3cret", null, "--source")]
    [InlineData("postgres://ann@db/shop", "falkor://graph/shop", null)]
    [InlineData("mysql://nonsense", null, null)]
    public void A_password_on_the_command_line_is_warned_of_once(string source, string? target, string? named)
    {
        var messages = new StringWriter();
        SeenPasswords.Warn(messages, ("--source", source), ("--target", target));
        if (named is null) messages.ToString().ShouldBeEmpty();
        else
        {
            messages.ToString().Trim().ShouldStartWith($"polysync: warning: every user of this machine can see the password in {named} (ps)");
            messages.ToString().Trim().Split('\n').Length.ShouldBe(1);
            messages.ToString().ShouldNotContain("s3cret");
        }
    }
}
