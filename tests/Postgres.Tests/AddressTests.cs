using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres.Tests;

public sealed class AddressTests
{
    [Theory]
    [InlineData("postgres://ada:p%40ss@db.example:5433/shop?sslmode=require")]
    [InlineData("postgresql://ada:p%40ss@db.example:5433/shop?sslmode=require")]
    [InlineData("host=db.example port=5433 user=ada password='p@ss' dbname=shop sslmode=require")]
    [InlineData("Host=db.example;Port=5433;Username=ada;Password=p@ss;Database=shop;SSL Mode=Require")]
    public void An_address_is_read_in_every_common_form(string dsn)
    {
        var builder = new Npgsql.NpgsqlConnectionStringBuilder(SourceConnection.Parse(dsn));
        (builder.Host, builder.Port, builder.Username, builder.Password, builder.Database, builder.SslMode)
            .ShouldBe(("db.example", 5433, "ada", "p@ss", "shop", Npgsql.SslMode.Require));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("mysql://x/y", "its scheme is 'mysql'")]
    [InlineData("postgres://x/y?colour=red", "the parameter 'colour' is not known")]
    [InlineData("postgres://x/y?sslmode=perhaps", "perhaps")]
    [InlineData("Host=x;Portt=1", "Portt")]
    [InlineData("host=x dbname='y", "is not closed")]
    public void A_wrong_address_says_what_is_wrong(string dsn, string expected)
    {
        var failure = Should.Throw<PipelineFailure>(() => SourceConnection.Parse(dsn));
        failure.ExitCode.ShouldBe(ExitCode.Usage);
        failure.Message.ShouldContain(expected, Case.Insensitive);
    }
}
