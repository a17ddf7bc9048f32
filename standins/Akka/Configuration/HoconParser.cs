using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>
/// A recursive-descent parser of as much HOCON as Akka.NET's own parser understands: objects, dotted keys, arrays, comments, the three kinds
/// of strings, concatenation, includes. No <c>+=</c>, no optional references, a comma only behind a value. References are left to
/// <see cref="HoconReferences"/>, which resolves them once the text is read.
/// </summary>
internal sealed class HoconParser
{
    internal const string Null = "null";
    private const string EndsUnquoted = "$\"{}[]:=,#`^?!@*&\\";
    private readonly string _text;
    private readonly Func<string, HoconRoot> _include;
    private readonly HoconReferences _references = new();
    private int _at;

    private HoconParser(string text, Func<string, HoconRoot> include)
    {
        _text = text;
        _include = include;
    }

    internal static HoconValue Parse(string text, Func<string, HoconRoot> include)
    {
        var parser = new HoconParser(text, include);
        parser.SkipBlank();
        var braced = parser.TryTake("{");
        var root = parser.ReadMembers(braced);
        if (braced)
            parser.SkipBlank();
        if (parser._at < text.Length)
            throw parser.Error($"'{text[parser._at]}' was not expected");
        parser._references.Resolve(root);
        return new HoconValue(root);
    }

    private HoconObject ReadMembers(bool braced)
    {
        var members = new HoconObject();
        while (true)
        {
            SkipBlank();
            if (_at >= _text.Length)
                return braced ? throw Error("'}' is missing") : members;
            if (Peek == '}')
            {
                if (!braced)
                    throw Error("'}' was not expected");
                _at++;
                return members;
            }
            if (IsInclude())
                ReadInclude(members);
            else
                ReadMember(members);
        }
    }

    private void ReadMember(HoconObject members)
    {
        var path = ReadKey();
        SkipBlank();
        HoconValue value;
        if (TryTake("{"))
            value = new HoconValue(ReadMembers(braced: true));
        else if (TryTake("=") || TryTake(":"))
            value = ReadValue();
        else
            throw Error($"after the key '{string.Join('.', path)}' one of '=', ':' or '{{' was expected");
        for (var i = path.Count - 1; i > 0; i--)
        {
            var owner = new HoconObject();
            owner.Items[path[i]] = value;
            value = new HoconValue(owner);
        }
        _references.Put(members, path[0], value);
    }

    private List<string> ReadKey()
    {
        var path = new List<string>();
        do
        {
            SkipSpaces();
            if (Peek == '"')
            {
                path.Add(ReadString());
            }
            else
            {
                var start = _at;
                while (_at < _text.Length && !EndsUnquoted.Contains(Peek) && Peek is not ('.' or '\n' or '\r') && !IsComment())
                    _at++;
                var part = _text[start.._at].Trim();
                path.Add(part.Length > 0 && !part.EndsWith('+') ? part : throw Error("a key was expected"));
            }
            SkipSpaces();
        }
        while (TryTake("."));
        return path;
    }

    private HoconValue ReadValue()
    {
        SkipBlank();
        var parts = new List<HoconPart>();
        while (_at < _text.Length)
        {
            var blank = TakeSpaces();
            if (_at >= _text.Length || Peek is '\n' or '\r' or '}' or ']' || IsComment() || (parts.Count > 0 && TryTake(",")))
                break;
            if (blank.Length > 0 && parts.Count > 0)
                parts.Add(HoconPart.Blank(blank));
            parts.Add(ReadPart());
        }
        return parts.Count > 0 ? _references.Join(parts) : throw Error("a value was expected");
    }

    private HoconPart ReadPart()
    {
        switch (Peek)
        {
            case '{':
                _at++;
                return HoconPart.Of(new HoconValue(ReadMembers(braced: true)));
            case '[':
                _at++;
                return HoconPart.Of(new HoconValue(ReadItems()));
            case '"':
                return HoconPart.Of(new HoconValue(ReadString()));
            case '$' when _at + 1 < _text.Length && _text[_at + 1] == '{':
                var end = _text.IndexOf('}', _at);
                if (end < 0)
                    throw Error("'}' of a substitution is missing");
                var path = _text[(_at + 2)..end];
                _at = end + 1;
                return path.StartsWith('?') ? throw Error("optional substitutions are not understood") : HoconPart.Reference(path.Trim());
            default:
                var start = _at;
                while (_at < _text.Length && !char.IsWhiteSpace(Peek) && !EndsUnquoted.Contains(Peek) && !IsComment())
                    _at++;
                if (Peek is '=' or ':')
                    throw new ConfigurationException(Error($"a text with '{Peek}' must be quoted").Message);
                return _at > start ? HoconPart.Of(new HoconValue(_text[start.._at])) : throw Error($"'{Peek}' must be quoted");
        }
    }

    private List<HoconValue> ReadItems()
    {
        var items = new List<HoconValue>();
        while (true)
        {
            SkipBlank();
            if (_at >= _text.Length)
                throw Error("']' is missing");
            if (TryTake("]"))
                return items;
            items.Add(ReadValue());
        }
    }

    private string ReadString()
    {
        if (TryTake("\"\"\""))
        {
            var end = _text.IndexOf("\"\"\"", _at, StringComparison.Ordinal);
            if (end < 0)
                throw Error("the closing \"\"\" is missing");
            var raw = _text[_at..end];
            _at = end + 3;
            return raw;
        }
        _at++;
        var text = new StringBuilder();
        while (_at < _text.Length && Peek is not ('"' or '\n'))
            text.Append(Peek == '\\' ? ReadEscape() : _text[_at++]);
        return TryTake("\"") ? text.ToString() : throw Error("the closing quote is missing");
    }

    private char ReadEscape()
    {
        _at++;
        var escaped = _at < _text.Length ? _text[_at++] : throw Error("the closing quote is missing");
        switch (escaped)
        {
            case '"' or '\\' or '/':
                return escaped;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u' when _at + 4 <= _text.Length:
                _at += 4;
                return (char)Convert.ToInt32(_text[(_at - 4).._at], 16);
            default:
                throw Error($"'\\{escaped}' is no escape sequence");
        }
    }

    private bool IsInclude() =>
        string.CompareOrdinal(_text, _at, "include", 0, 7) == 0 && _text.AsSpan(_at + 7).TrimStart(" \t").StartsWith("\"");

    private void ReadInclude(HoconObject members)
    {
        _at += 7;
        SkipSpaces();
        var name = ReadString();
        if (_include == null)
            throw new NotSupportedException($"include \"{name}\": a text is parsed without a callback for includes; use ParseString(hocon, includeCallback).");
        var included = _include(name)?.Value ?? throw Error($"the include \"{name}\" was not found");
        foreach (var (key, value) in included.GetObject().Items)
            _references.Put(members, key, HoconObject.Clone(value));
    }

    private char Peek => _at < _text.Length ? _text[_at] : '\0';

    private bool TryTake(string token)
    {
        if (string.CompareOrdinal(_text, _at, token, 0, token.Length) != 0)
            return false;
        _at += token.Length;
        return true;
    }

    private bool IsComment() => Peek == '#' || (Peek == '/' && _at + 1 < _text.Length && _text[_at + 1] == '/');

    private void SkipSpaces() => TakeSpaces();

    private string TakeSpaces()
    {
        var start = _at;
        while (Peek is ' ' or '\t')
            _at++;
        return _text[start.._at];
    }

    private void SkipBlank()
    {
        while (_at < _text.Length)
        {
            if (IsComment())
                _at = _text.IndexOf('\n', _at) is var end && end < 0 ? _text.Length : end;
            else if (char.IsWhiteSpace(Peek) || Peek == '\uFEFF')
                _at++;
            else
                return;
        }
    }

    private FormatException Error(string what) =>
        new($"HOCON, line {_text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n') + 1}: {what}.");
}
