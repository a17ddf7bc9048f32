using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>A dotted path, whose parts may be quoted to hold dots.</summary>
internal static class HoconPath
{
    internal static IEnumerable<string> Split(string path)
    {
        if (!path.Contains('"'))
            return path.Split('.');
        var parts = new List<string>();
        var part = new StringBuilder();
        var quoted = false;
        foreach (var c in path)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == '.' && !quoted)
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else
            {
                part.Append(c);
            }
        }
        parts.Add(part.ToString());
        return parts;
    }
}
