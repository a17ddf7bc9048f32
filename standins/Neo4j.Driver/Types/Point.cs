using System.Globalization;

namespace Neo4j.Driver;

/// <summary>A point of the plane or of space in a coordinate reference system.</summary>
public sealed class Point : IEquatable<Point>
{
    /// <param name="srId">4326: WGS-84 (x is the longitude); 7203: Cartesian.</param>
    public Point(int srId, double x, double y) => (SrId, X, Y, Z, Dimension) = (srId, x, y, double.NaN, 2);

    /// <param name="srId">4979: WGS-84 (x is the longitude, z metres); 9157: Cartesian.</param>
    public Point(int srId, double x, double y, double z) => (SrId, X, Y, Z, Dimension) = (srId, x, y, z, 3);

    public int SrId { get; }

    public double X { get; }

    public double Y { get; }

    /// <summary>NaN for a point of the plane.</summary>
    public double Z { get; }

    internal int Dimension { get; }

    public bool Equals(Point other) =>
        other is not null && Dimension == other.Dimension && SrId == other.SrId && X.Equals(other.X) && Y.Equals(other.Y) && Z.Equals(other.Z);

    public override bool Equals(object obj) => Equals(obj as Point);

    public override int GetHashCode() => HashCode.Combine(Dimension, SrId, X, Y, Z);

    public override string ToString()
    {
        var z = Dimension == 2 ? "" : string.Create(CultureInfo.InvariantCulture, $", z={Z}");
        return string.Create(CultureInfo.InvariantCulture, $"Point{{srId={SrId}, x={X}, y={Y}{z}}}");
    }
}
