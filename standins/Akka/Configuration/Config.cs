using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>An immutable configuration: a tree of HOCON values, with the fallbacks merged in.</summary>
public class Config
{
    /// <summary>The configuration without any value.</summary>
    public static readonly Config Empty = new();

    private readonly HoconValue _own;

    /// <summary>A configuration without any value.</summary>
    public Config()
        : this(new HoconValue(new HoconObject()))
    {
    }

    /// <summary>A configuration with the content of a parsed document.</summary>
    public Config(HoconRoot root)
        : this(root.Value)
    {
    }

    /// <summary><paramref name="source"/>, and where it is silent <paramref name="fallback"/>.</summary>
    public Config(Config source, Config fallback)
    {
        ArgumentNullException.ThrowIfNull(source);
        _own = source._own;
        Fallback = source.Fallback == null ? fallback : new Config(source.Fallback, fallback);
        var merged = new HoconObject();
        if (fallback != null)
            merged.Merge(Members(fallback.Root));
        merged.Merge(Members(source.Root));
        Root = new HoconValue(merged);
    }

    internal Config(HoconValue root)
    {
        _own = root;
        Root = root;
    }

    /// <summary>What answers where this configuration is silent, or null.</summary>
    public Config Fallback { get; }

    /// <summary>Whether there is no value at all.</summary>
    public virtual bool IsEmpty => Root.IsEmpty;

    /// <summary>The whole tree, fallbacks included.</summary>
    public HoconValue Root { get; }

    /// <summary>The members of the top.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() => Members(Root).Items;

    /// <summary>true/on/yes or false/off/no at <paramref name="path"/>.</summary>
    public virtual bool GetBoolean(string path, bool @default = false) => GetValue(path)?.GetBoolean() ?? @default;

    /// <summary>The size in bytes at <paramref name="path"/>, or null.</summary>
    public virtual long? GetByteSize(string path) => GetByteSize(path, null);

    /// <summary>The size in bytes at <paramref name="path"/>.</summary>
    public virtual long? GetByteSize(string path, long? def = default) => GetValue(path)?.GetByteSize() ?? def;

    /// <summary>The subtree at <paramref name="path"/>, or null.</summary>
    public virtual Config GetConfig(string path) => GetValue(path) is { } value ? new Config(value) : null;

    /// <summary>The double at <paramref name="path"/>.</summary>
    public virtual double GetDouble(string path, double @default = 0) => GetValue(path)?.GetDouble() ?? @default;

    /// <summary>The float at <paramref name="path"/>.</summary>
    public virtual float GetFloat(string path, float @default = 0) => GetValue(path)?.GetFloat() ?? @default;

    /// <summary>The Int32 at <paramref name="path"/>.</summary>
    public virtual int GetInt(string path, int @default = 0) => GetValue(path)?.GetInt() ?? @default;

    /// <summary>The Int32 list at <paramref name="path"/>, empty when it is not there.</summary>
    public virtual IList<int> GetIntList(string path) => GetValue(path)?.GetIntList() ?? [];

    /// <summary>The Int64 at <paramref name="path"/>.</summary>
    public virtual long GetLong(string path, long @default = 0) => GetValue(path)?.GetLong() ?? @default;

    /// <summary>The string at <paramref name="path"/>.</summary>
    public virtual string GetString(string path, string @default = null) => GetValue(path)?.GetString() ?? @default;

    /// <summary>The string list at <paramref name="path"/>, empty when it is not there.</summary>
    public virtual IList<string> GetStringList(string path) => GetStringList(path, []);

    /// <summary>The string list at <paramref name="path"/>.</summary>
    public virtual IList<string> GetStringList(string path, string[] defaultPaths) => GetValue(path)?.GetStringList() ?? defaultPaths;

    /// <summary>The duration at <paramref name="path"/>.</summary>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = default, bool allowInfinite = true) =>
        GetValue(path)?.GetTimeSpan(allowInfinite) ?? @default.GetValueOrDefault();

    /// <summary>The value at <paramref name="path"/>, or null.</summary>
    public HoconValue GetValue(string path)
    {
        var current = Root;
        foreach (var key in HoconPath.Split(path))
        {
            current = current.GetChildObject(key);
            if (current == null)
                return null;
        }
        return current;
    }

    /// <summary>Whether there is a value at <paramref name="path"/>.</summary>
    public virtual bool HasPath(string path) => GetValue(path) != null;

    /// <inheritdoc />
    public override string ToString() => _own.ToString();

    /// <summary>The configuration as HOCON text.</summary>
    public string ToString(bool includeFallback) => includeFallback ? Root.ToString() : ToString();

    /// <summary>This configuration, and where it is silent <paramref name="fallback"/>.</summary>
    public virtual Config WithFallback(Config fallback)
    {
        if (fallback.IsNullOrEmpty())
            return this;
        if (ReferenceEquals(fallback, this))
            throw new ArgumentException("A configuration cannot be its own fallback.", nameof(fallback));
        return IsEmpty ? fallback : new Config(this, fallback);
    }

    /// <summary>Parses HOCON text.</summary>
    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    /// <summary>A configuration with parsed text as its fallback.</summary>
    public static Config operator +(Config config, string fallback) => config.WithFallback(ConfigurationFactory.ParseString(fallback));

    /// <summary>Parsed text with a configuration as its fallback.</summary>
    public static Config operator +(string configHocon, Config fallbackConfig) => ConfigurationFactory.ParseString(configHocon).WithFallback(fallbackConfig);

    private static HoconObject Members(HoconValue root) => root.GetObject() ?? new HoconObject();
}
