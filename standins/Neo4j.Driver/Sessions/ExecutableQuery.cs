namespace Neo4j.Driver;

/// <summary>A statement with its settings, not yet run.</summary>
public interface IExecutableQuery<TIn, TOut> : IConfiguredQuery<TIn, TOut>
{
    /// <param name="parameters">An object whose properties are the parameters.</param>
    IExecutableQuery<TIn, TOut> WithParameters(object parameters);

    IExecutableQuery<TIn, TOut> WithParameters(Dictionary<string, object> parameters);
}

/// <summary>A statement with what shall become of its records.</summary>
public interface IConfiguredQuery<TIn, TOut>
{
    IConfiguredQuery<TOut, TNext> WithMap<TNext>(Func<TOut, TNext> map);

    IConfiguredQuery<TIn, TOut> WithFilter(Func<TOut, bool> filter);

    Task<EagerResult<IReadOnlyList<TOut>>> ExecuteAsync(CancellationToken token = default);
}

/// <summary>A result read whole.</summary>
public sealed class EagerResult<T>
{
    internal EagerResult()
    {
    }

    public T Result { get; init; }

    public IResultSummary Summary { get; init; }

    public string[] Keys { get; init; }

    public void Deconstruct(out T result, out IResultSummary summary, out string[] keys)
    {
        Deconstruct(out result, out summary);
        keys = Keys;
    }

    public void Deconstruct(out T result, out IResultSummary summary)
    {
        result = Result;
        summary = Summary;
    }
}
