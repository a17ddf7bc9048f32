using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>What subscribers are told. On one node these are the changes of that node itself.</summary>
public class ClusterEvent
{
    public static readonly SubscriptionInitialStateMode InitialStateAsEvents = SubscriptionInitialStateMode.InitialStateAsEvents;
    public static readonly SubscriptionInitialStateMode InitialStateAsSnapshot = SubscriptionInitialStateMode.InitialStateAsSnapshot;

    public enum SubscriptionInitialStateMode
    {
        InitialStateAsSnapshot = 0,
        InitialStateAsEvents = 1,
    }

    public interface IClusterDomainEvent : IDeadLetterSuppression
    {
    }

    public interface IMemberEvent : IClusterDomainEvent
    {
        Member Member { get; }
    }

    /// <summary>The members at one moment; the first message a subscriber gets.</summary>
    public sealed class CurrentClusterState : INoSerializationVerificationNeeded
    {
        public CurrentClusterState() : this([], null) { }

        internal CurrentClusterState(ImmutableSortedSet<Member> members, Address leader) => (Members, Leader) = (members, leader);

        public ImmutableHashSet<string> AllRoles => [.. Members.SelectMany(member => member.Roles)];

        public Address Leader { get; }

        public ImmutableSortedSet<Member> Members { get; }

        public ImmutableHashSet<Member> Unreachable => [];
    }

    public abstract class MemberStatusChange : IMemberEvent
    {
        protected readonly Member _member;

        protected MemberStatusChange(Member member, MemberStatus validStatus)
            => _member = member.Status == validStatus ? member : throw new ArgumentException($"Expected {validStatus} state, got: {member}", nameof(member));

        public Member Member => _member;

        public override bool Equals(object obj) => obj != null && obj.GetType() == GetType() && ((MemberStatusChange)obj)._member.Equals(_member);

        public override int GetHashCode() => HashCode.Combine(GetType(), _member);

        public override string ToString() => $"{GetType().Name}(Member={_member})";
    }

    public sealed class MemberJoined : MemberStatusChange
    {
        public MemberJoined(Member member) : base(member, MemberStatus.Joining) { }
    }

    public sealed class MemberUp : MemberStatusChange
    {
        public MemberUp(Member member) : base(member, MemberStatus.Up) { }
    }

    public sealed class MemberLeft : MemberStatusChange
    {
        public MemberLeft(Member member) : base(member, MemberStatus.Leaving) { }
    }

    public sealed class MemberExited : MemberStatusChange
    {
        public MemberExited(Member member) : base(member, MemberStatus.Exiting) { }
    }

    public sealed class MemberRemoved : MemberStatusChange
    {
        public MemberRemoved(Member member, MemberStatus previousStatus) : base(member, MemberStatus.Removed) => PreviousStatus = previousStatus;

        public MemberStatus PreviousStatus { get; }

        public override bool Equals(object obj) => base.Equals(obj) && ((MemberRemoved)obj).PreviousStatus == PreviousStatus;

        public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), PreviousStatus);
    }
}
