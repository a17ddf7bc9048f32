using PolyglotSync.Kafka.Sharing;

namespace PolyglotSync.Kafka.Tests.Sharing;

public sealed class PatientBookSpecs
{
    private static readonly SourcePartition Users0 = new("t.users", 0);
    private readonly FlakyBook _book = new();

    [Fact]
    public async Task A_target_that_is_away_is_waited_for()
    {
        _book.Failures.Enqueue(FailureClass.Transient);
        _book.Failures.Enqueue(FailureClass.Transient);
        (await new PatientBook(_book, TimeProvider.System).ReadPartitionsAsync("p", null, CancellationToken.None)).ShouldHaveSingleItem().Partition.ShouldBe(Users0);
        _book.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_was_overtaken_is_told_at_once()
    {
        _book.Failures.Enqueue(FailureClass.Transient);
        _book.Failures.Enqueue(FailureClass.Fenced);
        var failure = await Should.ThrowAsync<PipelineFailure>(() => new PatientBook(_book, TimeProvider.System).MarkPartitionsAsync("p", [], default, CancellationToken.None));
        failure.Class.ShouldBe(FailureClass.Fenced);
    }

    private sealed class FlakyBook : IPartitionBook
    {
        public Queue<FailureClass> Failures { get; } = new();

        public Task<IReadOnlyList<PartitionState>> ReadPartitionsAsync(string pipeline, IReadOnlyCollection<SourcePartition>? partitions, CancellationToken cancellationToken)
        {
            Answer();
            return Task.FromResult<IReadOnlyList<PartitionState>>([new PartitionState(Users0, 1, 1)]);
        }

        public Task MarkPartitionsAsync(string pipeline, IReadOnlyCollection<PartitionState> partitions, BarrierMark mark, CancellationToken cancellationToken)
        {
            Answer();
            return Task.CompletedTask;
        }

        private void Answer()
        {
            if (Failures.TryDequeue(out var failure)) throw new PipelineFailure(failure, "no answer");
        }
    }
}
