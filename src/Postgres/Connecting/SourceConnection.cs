using System.Globalization;
using Npgsql;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Turns what a person writes as the source's address into connection strings.</summary>
public static class SourceConnection
{
    /// <summary>Makes every output function print canonical text, on the stream and in copies alike; see <see cref="RowImage"/>.</summary>
    private const string CanonicalOutput =
        "-c datestyle=ISO -c intervalstyle=iso_8601 -c timezone=UTC -c extra_float_digits=3 -c bytea_output=hex";

    /// <summary>A server that says nothing for so long, seconds, is not there any more; as long as Npgsql waits on the replication connection.</summary>
    private const int SilenceSeconds = 60;

    private static readonly Dictionary<string, string> LibpqNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "Host", ["hostaddr"] = "Host", ["port"] = "Port", ["dbname"] = "Database", ["user"] = "Username", ["password"] = "Password",
        ["sslmode"] = "SSL Mode", ["sslrootcert"] = "Root Certificate", ["sslcert"] = "SSL Certificate", ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password", ["connect_timeout"] = "Timeout", ["application_name"] = "Application Name", ["options"] = "Options",
        ["passfile"] = "Passfile", ["keepalives_idle"] = "Tcp Keepalive Time", ["target_session_attrs"] = "Target Session Attributes",
    };

    /// <summary>Reads a <c>postgres://</c> or <c>postgresql://</c> URI, libpq's <c>host=… dbname=…</c>, or an Npgsql connection string.</summary>
    /// <returns>An Npgsql connection string with host, user and database filled in.</returns>
    /// <exception cref="PipelineFailure">Fatal, <see cref="ExitCode.Usage"/>: what is wrong with the text. The password is never quoted.</exception>
    public static string Parse(string dsn)
    {
        var text = dsn.Trim();
        if (text.Length == 0) throw Wrong("it is empty");
        var pairs = text.Contains("://", StringComparison.Ordinal) ? FromUri(text)
            : IsLibpq(text) ? FromLibpq(text)
            : null;
        NpgsqlConnectionStringBuilder builder;
        var reading = "";
        try
        {
            builder = new NpgsqlConnectionStringBuilder(pairs is null ? text : "");
            foreach (var (name, value) in pairs ?? [])
            {
                reading = name.Contains("Password", StringComparison.Ordinal) ? $" ({name})" : $" ({name} = '{value}')";
                builder[name] = name == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
            }
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException or OverflowException)
        {
            throw Wrong(e.Message.Split('\n')[0].TrimEnd('\r') + reading);
        }
        if (string.IsNullOrEmpty(builder.Host)) builder.Host = "localhost";
        if (string.IsNullOrEmpty(builder.Username)) builder.Username = Environment.UserName;
        if (string.IsNullOrEmpty(builder.Database)) builder.Database = builder.Username;
        return builder.ConnectionString;
    }

    /// <summary>Whether what a person wrote as an address has a password in it.</summary>
    public static bool HoldsPassword(string dsn)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(Parse(dsn)).Password);
        }
        catch (PipelineFailure)
        {
            return false;
        }
    }

    /// <summary>Host, port and database, for people.</summary>
    public static string Describe(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return string.Create(CultureInfo.InvariantCulture, $"{builder.Host}:{builder.Port}/{builder.Database}");
    }

    /// <summary>For queries, copies and markers: canonical output, commits that reach the disk at once, so that a marker is not held back.</summary>
    internal static string ForQueries(SourceSettings source, string pipeline) => With(source, pipeline, CanonicalOutput + " -c synchronous_commit=local", b =>
    {
        b.Pooling = false;
        b.CommandTimeout = SilenceSeconds;
        b.ReadBufferSize = 64 * 1024;
    });

    /// <summary>For the replication stream.</summary>
    internal static string ForReplication(SourceSettings source, string pipeline) => With(source, pipeline, CanonicalOutput + " -c statement_timeout=0", b =>
    {
        b.Pooling = false;
        b.ReadBufferSize = 256 * 1024;
        b.TcpKeepAlive = true;
    });

    private static string With(SourceSettings source, string pipeline, string options, Action<NpgsqlConnectionStringBuilder> configure)
    {
        var builder = new NpgsqlConnectionStringBuilder(Parse(source.ConnectionString));
        builder.Options = string.IsNullOrEmpty(builder.Options) ? options : $"{builder.Options} {options}";
        if (string.IsNullOrEmpty(builder.ApplicationName)) builder.ApplicationName = $"polysync {pipeline}";
        builder.Timeout = Math.Max(1, (source.ConnectTimeoutMs + 999) / 1000);
        builder.Enlist = false;
        configure(builder);
        return builder.ConnectionString;
    }

    private static Dictionary<string, string> FromUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)) throw Wrong("it is not a valid URI; special characters in user and password are written as %XX");
        if (uri.Scheme is not ("postgres" or "postgresql")) throw Wrong($"its scheme is '{uri.Scheme}'; it must be postgres:// or postgresql://");
        var pairs = new Dictionary<string, string>();
        if (uri.Host.Length > 0) pairs["Host"] = Uri.UnescapeDataString(uri.Host);
        if (uri.Port > 0) pairs["Port"] = uri.Port.ToString(CultureInfo.InvariantCulture);
        var login = uri.UserInfo.Split(':', 2);
        if (login[0].Length > 0) pairs["Username"] = Uri.UnescapeDataString(login[0]);
        if (login.Length == 2) pairs["Password"] = Uri.UnescapeDataString(login[1]);
        var database = uri.AbsolutePath.Trim('/');
        if (database.Contains('/', StringComparison.Ordinal)) throw Wrong("its path must be one database name");
        if (database.Length > 0) pairs["Database"] = Uri.UnescapeDataString(database);
        foreach (var part in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) throw Wrong($"its parameter '{part}' has no value");
            pairs[LibpqName(Uri.UnescapeDataString(part[..equals]))] = Uri.UnescapeDataString(part[(equals + 1)..]);
        }
        return pairs;
    }

    private static bool IsLibpq(string text) => !text.Contains(';', StringComparison.Ordinal)
        && (text.Contains("dbname", StringComparison.OrdinalIgnoreCase) || text.Count(c => c == '=') > 1);

    private static Dictionary<string, string> FromLibpq(string text)
    {
        var pairs = new Dictionary<string, string>();
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }
            var equals = text.IndexOf('=', i);
            if (equals < 0) throw Wrong("it is not a list of name=value");
            var name = LibpqName(text[i..equals].Trim());
            i = equals + 1;
            while (i < text.Length && text[i] == ' ') i++;
            var quoted = i < text.Length && text[i] == '\'';
            if (quoted) i++;
            var value = new System.Text.StringBuilder();
            while (i < text.Length && (quoted ? text[i] != '\'' : !char.IsWhiteSpace(text[i])))
            {
                if (text[i] == '\\' && i + 1 < text.Length) i++;
                value.Append(text[i++]);
            }
            if (quoted && i++ >= text.Length) throw Wrong($"the quote after '{name}=' is not closed");
            pairs[name] = value.ToString();
        }
        return pairs;
    }

    private static string LibpqName(string name) =>
        LibpqNames.TryGetValue(name, out var known) ? known : throw Wrong($"the parameter '{name}' is not known; known are {string.Join(", ", LibpqNames.Keys)}");

    private static PipelineFailure Wrong(string what) => new(FailureClass.Fatal,
        $"the source's address is wrong: {what}. It looks like postgres://user:password@host:5432/database")
    { ExitCode = ExitCode.Usage };
}
