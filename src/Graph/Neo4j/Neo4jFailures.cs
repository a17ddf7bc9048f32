using Neo4j.Driver;

namespace PolyglotSync.Graph.Neo4j;

/// <summary>Says of each exception of the driver whether it goes away by itself, is a row's fault, or needs a person.</summary>
internal static class Neo4jFailures
{
    public static PipelineFailure Classify(Exception failure, string address, string? cypher = null, string? user = null) => failure switch
    {
        PipelineFailure known => known,
        AuthenticationException => Fatal($"{address} refuses the login{(user is null ? " without a user" : $" of user '{user}'")}; check target.user and target.password", failure),
        AuthorizationException or TokenExpiredException => Transient($"{address}: the login has expired: {failure.Message}", failure),
        SecurityException => Fatal($"{address}: {failure.Message}", failure),
        ServiceUnavailableException when RefusedCertificate(failure) is { } refused => Fatal(
            $"{address}: no encrypted connection: {refused.Message} With +s in its scheme the URI wants a certificate that a known authority has issued to "
            + "this host; with +ssc it takes any",
            failure),
        // an error of the driver's own, such as a connection that a silent server did not open in time: what the server itself refuses has a code
        ServiceUnavailableException or SessionExpiredException or ConnectionReadTimeoutException or ClientException { Code: null } =>
            Transient($"{address} does not answer: {failure.Message}; is Neo4j running there and is the port its Bolt port?", failure),
        // the server tells at length who waits for which lock
        Neo4jException { Code: "Neo.TransientError.Transaction.DeadlockDetected" } => new PipelineFailure(FailureClass.Transient,
            $"{address}: this transaction and another one waited for each other (a deadlock), and Neo4j ended this one", failure)
        { ExitCode = ExitCode.TargetUnavailable, IsContention = true },
        Neo4jException { IsRetriable: true } => Transient($"{address}: {failure.Message}", failure),
        Neo4jException { Code: { } code } when IsTransient(code) => Transient($"{address}: {failure.Message}", failure),
        Neo4jException { Code: "Neo.ClientError.Database.DatabaseNotFound" } =>
            Fatal($"{address}: {failure.Message}; name a database that is there (SHOW DATABASES lists them) as the address's path, or none for the default one", failure),
        Neo4jException { Code: { } code } when IsFatal(code) => Fatal($"{address}: {failure.Message}", failure),
        Neo4jException { Code: { } code } when IsGoneMeanwhile(code, failure.Message) => Transient($"{address}: {failure.Message}", failure),
        ClientException or DatabaseException =>
            new PipelineFailure(FailureClass.Poison, $"{address} refuses a write: {failure.Message}", failure) { Cypher = cypher },
        Neo4jException => Transient($"{address}: {failure.Message}", failure),
        TimeoutException => Transient($"{address} did not answer in time; target.write_timeout_ms says how long a write may take", failure),
        System.Net.Sockets.SocketException or IOException => Transient($"{address} does not answer: {failure.Message}", failure),
        NotSupportedException or ArgumentException or UriFormatException => Fatal($"{address}: {failure.Message}", failure),
        _ => Fatal($"{address}: an error that should not be: {failure.GetType().Name}: {failure.Message}", failure),
    };

    /// <summary>The driver reports TLS that fails as a server that does not answer, when routing with the reasons of each server beside one another.</summary>
    private static System.Security.Authentication.AuthenticationException? RefusedCertificate(Exception? failure) => failure switch
    {
        null => null,
        System.Security.Authentication.AuthenticationException refused => refused,
        AggregateException several => several.InnerExceptions.Select(RefusedCertificate).FirstOrDefault(r => r != null),
        _ => RefusedCertificate(failure.InnerException),
    };

    private static bool IsTransient(string code) =>
        code.StartsWith("Neo.TransientError.", StringComparison.Ordinal)
        || code is "Neo.ClientError.Cluster.NotALeader" or "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase"
            or "Neo.ClientError.Transaction.Terminated" or "Neo.ClientError.Transaction.TransactionTimedOut" or "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration"
            or "Neo.ClientError.Transaction.LockClientStopped" or "Neo.DatabaseError.General.StorageDamageDetected"
            or "Neo.DatabaseError.Transaction.TransactionCommitFailed" or "Neo.DatabaseError.Transaction.TransactionStartFailed";

    /// <summary>A statement names nodes by patterns only: one that is not there any more, or that has got a relationship since, another transaction has changed.</summary>
    private static bool IsGoneMeanwhile(string code, string message) => code == "Neo.ClientError.Statement.EntityNotFound"
        || (code == "Neo.ClientError.Schema.ConstraintValidationFailed" && message.Contains("still has relationships", StringComparison.Ordinal));

    private static bool IsFatal(string code) =>
        code.StartsWith("Neo.ClientError.Security.", StringComparison.Ordinal)
        || code is "Neo.ClientError.Statement.SyntaxError"
            or "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists" or "Neo.ClientError.Schema.IndexAlreadyExists"
            or "Neo.ClientError.Schema.ConstraintAlreadyExists" or "Neo.ClientError.Schema.IndexWithNameAlreadyExists"
            or "Neo.ClientError.Schema.ConstraintWithNameAlreadyExists" or "Neo.DatabaseError.Schema.ConstraintCreationFailed";

    /// <summary>True where an index, not a constraint, has the name that a constraint was to get.</summary>
    public static bool IsNameTaken(PipelineFailure failure) => failure.InnerException is Neo4jException { Code: "Neo.ClientError.Schema.IndexWithNameAlreadyExists" };

    /// <summary>True where a constraint or index that was to be made only if it is missing was made by somebody else in that moment.</summary>
    public static bool IsMadeMeanwhile(PipelineFailure failure) => failure.InnerException is Neo4jException
    {
        Code: "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists" or "Neo.ClientError.Schema.IndexAlreadyExists" or "Neo.ClientError.Schema.ConstraintAlreadyExists"
            or "Neo.ClientError.Schema.ConstraintWithNameAlreadyExists",
    };

    private static PipelineFailure Transient(string message, Exception inner) => new(FailureClass.Transient, message, inner) { ExitCode = ExitCode.TargetUnavailable };

    private static PipelineFailure Fatal(string message, Exception inner) => new(FailureClass.Fatal, message, inner) { ExitCode = ExitCode.TargetUnavailable };
}
