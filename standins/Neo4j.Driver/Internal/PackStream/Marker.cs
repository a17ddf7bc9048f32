#nullable enable
namespace Neo4j.Driver.Internal.PackStream;

/// <summary>The bytes that begin a value in PackStream (https://neo4j.com/docs/bolt/current/packstream/).</summary>
internal static class Marker
{
    public const byte TinyString = 0x80, TinyList = 0x90, TinyMap = 0xA0, TinyStruct = 0xB0;
    public const byte Null = 0xC0, Float64 = 0xC1, False = 0xC2, True = 0xC3;
    public const byte Int8 = 0xC8, Int16 = 0xC9, Int32 = 0xCA, Int64 = 0xCB;
    public const byte Bytes8 = 0xCC, Bytes16 = 0xCD, Bytes32 = 0xCE;
    public const byte String8 = 0xD0, String16 = 0xD1, String32 = 0xD2;
    public const byte List8 = 0xD4, List16 = 0xD5, List32 = 0xD6;
    public const byte Map8 = 0xD8, Map16 = 0xD9, Map32 = 0xDA;
}

/// <summary>The tags of the structures that are values (https://neo4j.com/docs/bolt/current/bolt/structure-semantics/).</summary>
internal static class StructTag
{
    public const byte Node = 0x4E, Relationship = 0x52, UnboundRelationship = 0x72, Path = 0x50;
    public const byte Date = 0x44, Time = 0x54, LocalTime = 0x74, LocalDateTime = 0x64, Duration = 0x45;
    public const byte DateTime = 0x49, DateTimeZoneId = 0x69, LegacyDateTime = 0x46, LegacyDateTimeZoneId = 0x66;
    public const byte Point2D = 0x58, Point3D = 0x59;
}
