namespace Akka.Persistence.Sql.Config;

/// <summary>Where the tags of events are kept. This stand-in writes none; the tag table is there and empty.</summary>
public enum TagMode
{
    Csv = 0,
    TagTable = 1,
    Both = 2,
}
