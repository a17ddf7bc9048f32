using Neo4j.Driver.Internal;

namespace Neo4j.Driver;

/// <summary>A Cypher statement and its parameters.</summary>
public class Query
{
    private static readonly IDictionary<string, object> NoParameters = new Dictionary<string, object>();

    public Query(string text) : this(text, (IDictionary<string, object>)null)
    {
    }

    /// <param name="parameters">A dictionary with string keys, or an object whose properties are the parameters.</param>
    public Query(string text, object parameters) : this(text, ParameterMaps.From(parameters))
    {
    }

    public Query(string text, IDictionary<string, object> parameters)
    {
        Text = text;
        Parameters = parameters ?? NoParameters;
    }

    public string Text { get; }

    public IDictionary<string, object> Parameters { get; }

    public override string ToString() => $"`{Text}`, [{string.Join(", ", Parameters.Select(p => $"{{{p.Key}, {p.Value}}}"))}]";
}
