using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence;
using Akka.Persistence.Sql.Hosting;
using Akka.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using PolyglotSync.Testing;

namespace StandIns.Tests.Persistence;

public sealed class SqlPersistenceSpecs(SqlPersistenceSpecs.Server server) : IClassFixture<SqlPersistenceSpecs.Server>, IAsyncLifetime
{
    private string _connection = "";

    public async Task InitializeAsync()
    {
        if (server.Postgres is { } postgres)
            _connection = postgres.ConnectionString(await postgres.CreateDatabaseAsync());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task State_outlives_the_host()
    {
        Skip.If(PostgresServer.Missing != null, PostgresServer.Missing);
        using (var host = await StartAsync())
        {
            var account = Open(host, "a");
            account.Tell(new[] { 1, 2, 3 });
            (await account.Ask<SaveSnapshotSuccess>("snapshot", Eventually.Bound)).Metadata.SequenceNr.ShouldBe(3);
            (await account.Ask<int>(4, Eventually.Bound)).ShouldBe(10);
            await host.StopAsync();
        }

        using var again = await StartAsync();
        (await Open(again, "a").Ask<Balance>("balance", Eventually.Bound)).ShouldBe(new Balance(10, 4));
        await again.StopAsync();
    }

    [SkippableFact]
    public async Task Events_lie_in_the_tables_of_the_default_mapping()
    {
        Skip.If(PostgresServer.Missing != null, PostgresServer.Missing);
        using var host = await StartAsync();
        var account = Open(host, "b");
        (await account.Ask<int>(7, Eventually.Bound)).ShouldBe(7);
        await account.Ask<SaveSnapshotSuccess>("snapshot", Eventually.Bound);
        await host.StopAsync();

        (await Query("select persistence_id || ' ' || sequence_number || ' ' || deleted || ' ' || identifier || ' ' || (created > 0) || ' ' || (writer_uuid <> '') from journal"))
            .ShouldBe("b 1 false 1 true true");
        (await Query("select convert_from(message, 'UTF8')::json->>'$type' from journal")).ShouldStartWith("StandIns.Tests.Persistence.Deposited");
        (await Query("select persistence_id || ' ' || sequence_number || ' ' || serializer_id || ' ' || octet_length(snapshot) from snapshot")).ShouldStartWith("b 1 1 ");
        (await Query("select count(*)::text from tags")).ShouldBe("0");
    }

    [SkippableFact]
    public async Task Deleted_events_are_gone_and_numbering_goes_on()
    {
        Skip.If(PostgresServer.Missing != null, PostgresServer.Missing);
        using (var host = await StartAsync())
        {
            var account = Open(host, "c");
            account.Tell(new[] { 1, 2, 3 });
            await account.Ask<DeleteMessagesSuccess>("forget", Eventually.Bound);
            await host.StopAsync();
        }

        using var again = await StartAsync();
        var reopened = Open(again, "c");
        (await reopened.Ask<Balance>("balance", Eventually.Bound)).ShouldBe(new Balance(0, 0));
        (await reopened.Ask<int>(5, Eventually.Bound)).ShouldBe(5);
        (await reopened.Ask<long>("sequence", Eventually.Bound)).ShouldBe(4);
        await again.StopAsync();
    }

    [SkippableFact]
    public async Task A_serializer_of_ones_own_is_used_and_found_again()
    {
        Skip.If(PostgresServer.Missing != null, PostgresServer.Missing);
        using (var host = await StartAsync(akka => akka.WithCustomSerializer("deposits", [typeof(Deposited)], system => new DepositSerializer(system))))
        {
            (await Open(host, "d").Ask<int>(9, Eventually.Bound)).ShouldBe(9);
            await host.StopAsync();
        }

        (await Query("select identifier || ' ' || manifest || ' ' || encode(message, 'hex') from journal")).ShouldBe("4711 D 09000000");
        using var again = await StartAsync(akka => akka.WithCustomSerializer("deposits", [typeof(Deposited)], system => new DepositSerializer(system)));
        (await Open(again, "d").Ask<Balance>("balance", Eventually.Bound)).ShouldBe(new Balance(9, 1));
        await again.StopAsync();
    }

    [SkippableFact]
    public async Task Many_actors_write_at_once()
    {
        Skip.If(PostgresServer.Missing != null, PostgresServer.Missing);
        using var host = await StartAsync();
        var accounts = Enumerable.Range(0, 50).Select(n => Open(host, $"m{n}")).ToList();
        for (var n = 1; n <= 20; n++)
            foreach (var account in accounts)
                account.Tell(n);

        foreach (var account in accounts)
            (await account.Ask<Balance>("balance", TimeSpan.FromSeconds(60))).ShouldBe(new Balance(210, 20));
        (await Query("select count(*)::text from journal")).ShouldBe("1000");
        await host.StopAsync();
    }

    private async Task<IHost> StartAsync(Action<AkkaConfigurationBuilder>? more = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAkka("kept", (akka, _) =>
        {
            akka.WithSqlPersistence(_connection, "PostgreSQL.15");
            more?.Invoke(akka);
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static IActorRef Open(IHost host, string id) => host.Services.GetRequiredService<ActorSystem>().ActorOf(Props.Create(() => new Account(id)));

    private async Task<string> Query(string sql)
    {
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private sealed class DepositSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 4711;

        public override string Manifest(object o) => "D";

        public override byte[] ToBinary(object obj) => BitConverter.GetBytes(((Deposited)obj).Amount);

        public override object FromBinary(byte[] bytes, string manifest) => new Deposited(BitConverter.ToInt32(bytes));
    }

    /// <summary>One server for all; each test has a database of its own.</summary>
    public sealed class Server : IAsyncLifetime
    {
        public PostgresServer? Postgres { get; private set; }

        public async Task InitializeAsync()
        {
            if (PostgresServer.Missing == null)
                Postgres = await PostgresServer.StartNewAsync();
        }

        public async Task DisposeAsync()
        {
            NpgsqlConnection.ClearAllPools();
            if (Postgres != null)
                await Postgres.DisposeAsync();
        }
    }
}
