using Neo4j.Driver;
using Shouldly;
using Xunit;

namespace PolyglotSync.Neo4jDriver.Tests.Faults;

/// <summary>What the driver makes of servers that fail.</summary>
public class BrokenServerTests
{
    [Fact]
    public async Task A_port_where_nobody_listens_is_service_unavailable()
    {
        await using var driver = GraphDatabase.Driver("bolt://127.0.0.1:1", AuthTokens.None);
        await Should.ThrowAsync<ServiceUnavailableException>(driver.VerifyConnectivityAsync());
        (await driver.TryVerifyConnectivityAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_silent_server_is_given_up_after_the_acquisition_timeout_as_an_error_without_a_code()
    {
        await using var server = new FakeBoltServer(_ => [], handshake: []);
        await using var driver = GraphDatabase.Driver(server.Uri, AuthTokens.None, c => c.WithConnectionAcquisitionTimeout(TimeSpan.FromMilliseconds(200)));
        await using var session = driver.AsyncSession();
        (await Should.ThrowAsync<ClientException>(session.BeginTransactionAsync())).Code.ShouldBeNull();
    }

    [Fact]
    public async Task A_web_server_is_named_as_such()
    {
        await using var server = new FakeBoltServer(_ => null, "HTTP"u8.ToArray());
        await using var driver = GraphDatabase.Driver(server.Uri, AuthTokens.None);
        (await Should.ThrowAsync<NotSupportedException>(driver.VerifyConnectivityAsync())).Message.ShouldContain("HTTP");
    }

    [Fact]
    public async Task A_refused_token_is_an_authentication_error()
    {
        await using var server = new FakeBoltServer(
            tag => tag == FakeBoltServer.Logon ? FakeBoltServer.Failure("Neo.ClientError.Security.Unauthorized") : FakeBoltServer.Success);
        await using var driver = GraphDatabase.Driver(server.Uri, AuthTokens.Basic("neo4j", "wrong"));
        var error = await Should.ThrowAsync<AuthenticationException>(driver.VerifyConnectivityAsync());
        error.Code.ShouldBe("Neo.ClientError.Security.Unauthorized");
        error.IsRetriable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_connection_cut_in_the_middle_of_a_message_is_service_unavailable_and_replaced()
    {
        var cut = true;
        await using var server = new FakeBoltServer(tag => tag == FakeBoltServer.Pull && cut ? null : tag == FakeBoltServer.Run && cut ? [0, 9, 0xB1] : FakeBoltServer.Success);
        await using var driver = GraphDatabase.Driver(server.Uri, AuthTokens.None);
        await using var session = driver.AsyncSession();
        var cursor = await session.RunAsync("RETURN 1");
        (await Should.ThrowAsync<ServiceUnavailableException>(cursor.FetchAsync())).IsRetriable.ShouldBeTrue();
        cut = false;
        await (await session.RunAsync("RETURN 1")).ConsumeAsync();
        server.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_service_unavailable()
    {
        await using var server = new FakeBoltServer(tag => tag == FakeBoltServer.Commit ? null : FakeBoltServer.Success);
        await using var driver = GraphDatabase.Driver(server.Uri, AuthTokens.None);
        await using var session = driver.AsyncSession();
        var transaction = await session.BeginTransactionAsync();
        await (await transaction.RunAsync("CREATE ()")).ConsumeAsync();
        await Should.ThrowAsync<ServiceUnavailableException>(transaction.CommitAsync());
    }

    [Fact]
    public async Task After_an_error_the_transaction_is_terminated_and_the_connection_reset()
    {
        var (failed, resets) = (false, 0);
        await using var server = new FakeBoltServer(tag =>
        {
            if (tag == FakeBoltServer.Reset)
            {
                failed = false;
                resets++;
            }

            if (failed) return FakeBoltServer.Ignored;
            failed = tag == FakeBoltServer.Run;
            return failed ? FakeBoltServer.Failure("Neo.ClientError.Statement.SyntaxError") : FakeBoltServer.Success;
        });
        await using var driver = GraphDatabase.Driver(server.Uri, AuthTokens.None);
        await using var session = driver.AsyncSession();
        await using var transaction = await session.BeginTransactionAsync();
        var cursor = await transaction.RunAsync("CREAT ()");
        (await Should.ThrowAsync<ClientException>(cursor.ConsumeAsync())).Code.ShouldBe("Neo.ClientError.Statement.SyntaxError");
        var after = await Should.ThrowAsync<TransactionTerminatedException>(() => transaction.RunAsync("CREATE ()"));
        after.InnerException.ShouldBeOfType<ClientException>();
        await Should.ThrowAsync<TransactionTerminatedException>(() => transaction.CommitAsync());
        resets.ShouldBe(1);
    }

    [Fact]
    public async Task Managed_work_is_tried_again_after_a_deadlock_and_its_result_is_that_of_the_last_try()
    {
        var (runs, failed) = (0, false);
        await using var server = new FakeBoltServer(tag =>
        {
            if (tag == FakeBoltServer.Reset) failed = false;
            if (failed) return FakeBoltServer.Ignored;
            failed = tag == FakeBoltServer.Run && ++runs == 1;
            return failed ? FakeBoltServer.Failure("Neo.TransientError.Transaction.DeadlockDetected") : FakeBoltServer.Success;
        });
        await using var driver = GraphDatabase.Driver(server.Uri, AuthTokens.None);
        await using var session = driver.AsyncSession();
        var tries = 0;
        var result = await session.ExecuteWriteAsync(async runner =>
        {
            tries++;
            await (await runner.RunAsync("CREATE ()")).ConsumeAsync();
            return tries;
        });
        result.ShouldBe(2);
    }

    [Fact]
    public async Task Work_whose_error_is_not_retriable_is_done_once()
    {
        await using var server = new FakeBoltServer(_ => FakeBoltServer.Success);
        await using var driver = GraphDatabase.Driver(server.Uri, AuthTokens.None);
        await using var session = driver.AsyncSession();
        var tries = 0;
        await Should.ThrowAsync<InvalidOperationException>(session.ExecuteWriteAsync(_ =>
        {
            tries++;
            return Task.FromException(new InvalidOperationException("mine"));
        }));
        tries.ShouldBe(1);
    }

    [Fact]
    public async Task A_pool_with_all_connections_in_use_refuses_after_the_acquisition_timeout()
    {
        await using var server = new FakeBoltServer(_ => FakeBoltServer.Success);
        await using var driver = GraphDatabase.Driver(
            server.Uri, AuthTokens.None, c => c.WithMaxConnectionPoolSize(1).WithConnectionAcquisitionTimeout(TimeSpan.FromSeconds(1)));
        await using var holder = driver.AsyncSession();
        await using var transaction = await holder.BeginTransactionAsync();
        await using var other = driver.AsyncSession();
        (await Should.ThrowAsync<ClientException>(other.BeginTransactionAsync())).Message.ShouldContain("connection");
    }

    [Fact]
    public async Task A_server_silent_for_longer_than_it_announced_is_a_read_timeout()
    {
        byte[] hints = [0x85, .. "hints"u8, 0xA1, 0xD0, 31, .. "connection.recv_timeout_seconds"u8, 1];
        await using var server = new FakeBoltServer(tag => tag switch
        {
            FakeBoltServer.Hello => FakeBoltServer.SuccessWith(3, [.. FakeBoltServer.Identity, .. hints]),
            FakeBoltServer.Run or FakeBoltServer.Pull => [],
            _ => FakeBoltServer.Success,
        });
        await using var driver = GraphDatabase.Driver(server.Uri, AuthTokens.None);
        await using var session = driver.AsyncSession();
        var cursor = await session.RunAsync("RETURN 1");
        await Should.ThrowAsync<ConnectionReadTimeoutException>(cursor.FetchAsync());
    }

    [Fact]
    public async Task An_idle_connection_that_died_is_found_out_by_the_liveness_check()
    {
        var died = false;
        await using var server = new FakeBoltServer(tag => tag == FakeBoltServer.Reset && !died && (died = true) ? null : FakeBoltServer.Success);
        await using var driver = GraphDatabase.Driver(server.Uri, AuthTokens.None, c => c.WithConnectionLivenessCheckTimeout(TimeSpan.Zero));
        await using var session = driver.AsyncSession();
        await (await session.RunAsync("RETURN 1")).ConsumeAsync();
        await (await session.RunAsync("RETURN 1")).ConsumeAsync();
        (died, server.Connections).ShouldBe((true, 2));
    }

    [Theory]
    [InlineData("http://localhost", typeof(NotSupportedException))]
    [InlineData("bolt://localhost?region=eu", typeof(ArgumentException))]
    public void A_wrong_uri_is_refused_at_once(string uri, Type error) =>
        Should.Throw(() => GraphDatabase.Driver(uri, AuthTokens.None), error);
}
