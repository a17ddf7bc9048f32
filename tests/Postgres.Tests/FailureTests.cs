using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres.Tests;

public class FailureTests
{
    [Fact]
    public void What_Npgsql_does_not_expect_of_a_connection_that_breaks_is_an_outage_and_the_same_of_ours_is_a_bug()
    {
        SourceFailure.Classify(new NullReferenceException { Source = "Npgsql" }, "here").Class.ShouldBe(FailureClass.Transient);
        SourceFailure.Classify(new NullReferenceException { Source = "PolyglotSync.Postgres" }, "here").Class.ShouldBe(FailureClass.Fatal);
    }

    [Theory]
    [InlineData("53100")] // the source's disk is full
    [InlineData("57P01")] // it is shut down
    [InlineData("57P03")] // it starts
    [InlineData("40P01")] // a deadlock
    [InlineData("55006")] // the slot is still with whoever held it
    public void What_goes_away_by_itself_is_waited_for(string state) =>
        SourceFailure.Classify(new Npgsql.PostgresException("it says so", "ERROR", "ERROR", state), "here").Class.ShouldBe(FailureClass.Transient);
}
