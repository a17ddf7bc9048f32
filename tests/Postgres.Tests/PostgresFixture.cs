using PolyglotSync.Testing;

namespace PolyglotSync.Postgres.Tests;

/// <summary>One cluster for all tests of this assembly; each test has a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public PostgresServer? Server { get; private set; }

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null) Server = await PostgresServer.StartNewAsync();
    }

    public async Task DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
    }

    public async Task<Source> NewSourceAsync(string sql)
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        var database = await Server!.CreateDatabaseAsync();
        await Server.ExecuteAsync(sql, database);
        return new Source(Server, database) { DropsSlot = true };
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "a PostgreSQL server";
}
