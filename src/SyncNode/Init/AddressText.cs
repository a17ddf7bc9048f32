using Npgsql;
using PolyglotSync.Postgres;

namespace PolyglotSync.SyncNode.Init;

/// <summary>An address as a manifest may hold it: placeholders in the place of its passwords, and what looked like a placeholder made a plain text.</summary>
/// <param name="Variables">Environment variables that the text refers to now.</param>
internal sealed record AddressText(string Text, IReadOnlyList<string> Variables)
{
    /// <param name="dsn">A source's address, as a person writes it.</param>
    /// <param name="variable">The environment variable to hold its password.</param>
    public static AddressText OfSource(string dsn, string variable)
    {
        var text = dsn.Trim();
        return text.Contains("://", StringComparison.Ordinal) ? OfUri(text, variable) : OfPairs(text, variable);
    }

    /// <summary>Of a URI: the password before the '@', and parameters that are one.</summary>
    public static AddressText OfUri(string uri, string variable)
    {
        var variables = new List<string>();
        uri = uri.Replace("${", "$${", StringComparison.Ordinal);
        var start = uri.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = uri.IndexOfAny(['/', '?'], start) is var at and >= 0 ? at : uri.Length;
        var login = uri.LastIndexOf('@', end - 1, end - start);
        var colon = login < 0 ? -1 : uri.IndexOf(':', start, login - start);
        if (colon >= 0 && colon + 1 < login)
        {
            variables.Add(variable);
            uri = $"{uri[..(colon + 1)]}${{{variable}}}{uri[login..]}";
        }
        var query = uri.IndexOf('?', StringComparison.Ordinal);
        if (query < 0) return new AddressText(uri, variables);
        var parameters = uri[(query + 1)..].Split('&').Select(parameter =>
        {
            var name = Uri.UnescapeDataString(parameter.Split('=')[0]);
            if (!name.EndsWith("password", StringComparison.OrdinalIgnoreCase)) return parameter;
            var own = name.Equals("password", StringComparison.OrdinalIgnoreCase) ? variable : $"{variable}_{name.ToUpperInvariant()}";
            variables.Add(own);
            return $"{name}=${{{own}}}";
        });
        return new AddressText($"{uri[..query]}?{string.Join('&', parameters)}", variables);
    }

    private static AddressText OfPairs(string text, string variable)
    {
        var variables = new List<string>();
        var builder = new NpgsqlConnectionStringBuilder(SourceConnection.Parse(text).Replace("${", "$${", StringComparison.Ordinal));
        if (!string.IsNullOrEmpty(builder.Password)) builder.Password = Placeholder(variable);
        if (!string.IsNullOrEmpty(builder.SslPassword)) builder.SslPassword = Placeholder($"{variable}_SSLPASSWORD");
        return new AddressText(builder.ConnectionString, variables);

        string Placeholder(string name)
        {
            variables.Add(name);
            return $"${{{name}}}";
        }
    }
}
