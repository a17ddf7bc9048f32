using System.Globalization;
using Akka.Configuration;

namespace Akka.Configuration.Hocon;

/// <summary>One value of a HOCON document: a literal, an array or an object.</summary>
public class HoconValue
{
    private string _text;
    private List<HoconValue> _items;
    private HoconObject _object;

    /// <summary>An empty value, which holds nothing yet.</summary>
    public HoconValue()
    {
    }

    internal HoconValue(string text) => _text = text;

    internal HoconValue(List<HoconValue> items) => _items = items;

    internal HoconValue(HoconObject members) => _object = members;

    /// <summary>Whether the value holds nothing: no literal, no array, no member.</summary>
    public bool IsEmpty => _text == null && _items == null && (_object == null || _object.Items.Count == 0);

    /// <summary>The value as a configuration of its own.</summary>
    public Config ToConfig() => new(this);

    /// <summary>A configuration with this value under <paramref name="key"/>.</summary>
    public Config AtKey(string key)
    {
        var root = new HoconObject();
        root.Items[key] = this;
        return new Config(new HoconValue(root));
    }

    /// <summary>Whether the value is an array.</summary>
    public bool IsArray() => _items != null;

    /// <summary>Whether the value is an object.</summary>
    public bool IsObject() => _object != null;

    /// <summary>Whether the value is a literal.</summary>
    public bool IsString() => _text != null;

    /// <summary>The members, or null when the value is no object.</summary>
    public HoconObject GetObject() => _object;

    /// <summary>The member of that name, or null.</summary>
    public HoconValue GetChildObject(string key) => _object?.GetKey(key);

    /// <summary>The elements; an object with numeric keys counts as an array.</summary>
    /// <exception cref="ConfigurationException">The value is a literal.</exception>
    public IList<HoconValue> GetArray()
    {
        if (_items != null)
            return _items;
        if (_object != null && _object.Items.Keys.All(key => int.TryParse(key, out _)))
            return _object.Items.OrderBy(item => int.Parse(item.Key, CultureInfo.InvariantCulture)).Select(item => item.Value).ToList();
        if (_text == null)
            return new List<HoconValue>();
        throw new ConfigurationException($"'{_text}' is not an array.");
    }

    /// <summary>The literal, or null when the value is none (also for a literal null).</summary>
    public string GetString() => _text == HoconParser.Null ? null : _text;

    /// <summary>true/on/yes or false/off/no.</summary>
    public bool GetBoolean() => GetString() switch
    {
        "on" or "true" or "yes" => true,
        "off" or "false" or "no" or null => false,
        var other => throw new NotSupportedException($"Unknown boolean format: {other}"),
    };

    /// <summary>The literal as an Int32.</summary>
    public int GetInt() => Convert.ToInt32(Number(), CultureInfo.InvariantCulture);

    /// <summary>The literal as an Int64.</summary>
    public long GetLong() => Convert.ToInt64(Number(), CultureInfo.InvariantCulture);

    /// <summary>The literal as a byte.</summary>
    public byte GetByte() => Convert.ToByte(Number(), CultureInfo.InvariantCulture);

    /// <summary>The literal as a decimal.</summary>
    public decimal GetDecimal() => decimal.Parse(GetString(), NumberStyles.Any, NumberFormatInfo.InvariantInfo);

    /// <summary>The literal as a float.</summary>
    public float GetFloat() => float.Parse(GetString(), NumberStyles.Any, NumberFormatInfo.InvariantInfo);

    /// <summary>The literal as a double.</summary>
    public double GetDouble() => double.Parse(GetString(), NumberStyles.Any, NumberFormatInfo.InvariantInfo);

    /// <summary>The literal as a number of bytes: a number with an optional unit (b, k, kB, KiB, M, MB, MiB, ...).</summary>
    public long? GetByteSize() => GetString() is { } text ? HoconUnits.Bytes(text) : null;

    /// <summary>The literal as a duration: a number with an optional unit (ns, us, ms, s, m, h, d); a bare number is milliseconds.</summary>
    public TimeSpan GetTimeSpan(bool allowInfinite = true) => HoconUnits.Duration(GetString(), allowInfinite);

    /// <summary>The elements as strings.</summary>
    public IList<string> GetStringList() => GetArray().Select(item => item.GetString()).ToList();

    /// <summary>The elements as Int32.</summary>
    public IList<int> GetIntList() => GetArray().Select(item => item.GetInt()).ToList();

    /// <summary>The elements as Int64.</summary>
    public IList<long> GetLongList() => GetArray().Select(item => item.GetLong()).ToList();

    /// <summary>The elements as booleans.</summary>
    public IList<bool> GetBooleanList() => GetArray().Select(item => item.GetBoolean()).ToList();

    /// <summary>The elements as doubles.</summary>
    public IList<double> GetDoubleList() => GetArray().Select(item => item.GetDouble()).ToList();

    /// <inheritdoc />
    public override string ToString() => ToString(0);

    /// <summary>The value as HOCON text, indented by two blanks a level.</summary>
    public virtual string ToString(int indent) => HoconPrinter.Print(this, indent);

    internal void Set(HoconValue other)
    {
        _text = other._text;
        _items = other._items;
        _object = other._object;
    }

    private string Number()
    {
        var text = GetString() ?? throw new FormatException("A number was expected, and there is no value.");
        return text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;
    }
}
