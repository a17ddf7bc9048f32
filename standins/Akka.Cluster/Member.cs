using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>How far a member is in its life.</summary>
public enum MemberStatus
{
    Joining = 0,
    Up = 1,
    Leaving = 2,
    Exiting = 3,
    Down = 4,
    Removed = 5,
    WeaklyUp = 6,
}

/// <summary>An address and the incarnation of the system behind it.</summary>
public class UniqueAddress : IComparable<UniqueAddress>, IEquatable<UniqueAddress>, IComparable
{
    public UniqueAddress(Address address, int uid) => (Address, Uid) = (address, uid);

    public Address Address { get; }

    public int Uid { get; }

    public int CompareTo(UniqueAddress uniqueAddress)
        => string.CompareOrdinal(Address.ToString(), uniqueAddress.Address.ToString()) is var order and not 0 ? order : Uid.CompareTo(uniqueAddress.Uid);

    public bool Equals(UniqueAddress other) => other is not null && Uid == other.Uid && Address.Equals(other.Address);

    public override bool Equals(object obj) => Equals(obj as UniqueAddress);

    public override int GetHashCode() => Uid;

    public override string ToString() => $"UniqueAddress: ({Address}, {Uid})";

    int IComparable.CompareTo(object obj) => CompareTo((UniqueAddress)obj);
}

/// <summary>A node as the cluster sees it.</summary>
public class Member : IComparable<Member>, IComparable
{
    internal Member(UniqueAddress uniqueAddress, MemberStatus status, ImmutableHashSet<string> roles)
        => (UniqueAddress, Status, Roles) = (uniqueAddress, status, roles);

    public Address Address => UniqueAddress.Address;

    public ImmutableHashSet<string> Roles { get; }

    public MemberStatus Status { get; }

    public UniqueAddress UniqueAddress { get; }

    public int CompareTo(Member other) => UniqueAddress.CompareTo(other.UniqueAddress);

    public Member Copy(MemberStatus status) => new(UniqueAddress, status, Roles);

    public override bool Equals(object obj) => obj is Member other && UniqueAddress.Equals(other.UniqueAddress);

    public override int GetHashCode() => UniqueAddress.GetHashCode();

    public bool HasRole(string role) => Roles.Contains(role);

    public override string ToString() => $"Member(address = {Address}, Uid={UniqueAddress.Uid} status = {Status}, role=[{string.Join(",", Roles)}])";

    int IComparable.CompareTo(object obj) => CompareTo((Member)obj);
}
