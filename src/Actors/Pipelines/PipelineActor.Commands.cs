using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Incidents;
using PolyglotSync.Actors.LifeCycle;
using PolyglotSync.Actors.Source;
using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>What persons ask of a pipeline, and what it remembers of it.</summary>
public sealed partial class PipelineActor
{
    private void Start(bool isMoved)
    {
        if (_life.Wish == LifeWish.Paused || _parts is not null || (isMoved && _life.Wish == LifeWish.Failed))
        {
            Sender.Tell(new PipelineStarted(_settings.Name, IsPaused: _life.Wish == LifeWish.Paused));
            return;
        }
        _starters.Add(Sender);
        _progress.Launching();
        if (_life.Start(_clock.GetUtcNow()) is not { } happened) StartLaunch();
        else
        {
            Remember(happened, () =>
            {
                _incidents.Note(new ResumedByPerson(happened.At));
                StartLaunch();
            });
        }
    }

    private void GoOnRunning()
    {
        if (_life.Wish != LifeWish.Running) return;
        _incidents.Note(new Troubled("pipeline", "it ended unexpectedly, or its journal is out of reach: it was made anew; the node's log says more", _incidents.Now) { Restarts = true, IsCrash = true });
        StartLaunch();
    }

    private void Pause(PausePipeline pause)
    {
        var asker = Sender;
        if (_life.Pause(pause.Reason, _clock.GetUtcNow()) is not { } happened)
        {
            if (_draining) _waitingForDrain.Add(asker);
            else Answer(asker);
            return;
        }
        Remember(happened, () =>
        {
            _log.Info("Pipeline {0} is paused: {1}", _settings.Name, _life.Reason);
            _incidents.Note(new PausedByPerson(pause.Reason, happened.At));
            Timers.Cancel("launch");
            StopLaunch();
            _waitingForDrain.Add(asker);
            if (_parts is null) OnDrained();
            else Drain();
        });
    }

    private void Resume()
    {
        var asker = Sender;
        if (_life.Resume(_clock.GetUtcNow()) is not { } happened)
        {
            Answer(asker);
            return;
        }
        Remember(happened, () =>
        {
            _log.Info("Pipeline {0} runs again", _settings.Name);
            _incidents.Note(new ResumedByPerson(happened.At));
            _progress.Launching();
            // One that is still draining starts again once it is done.
            if (!_draining) StartLaunch();
            Answer(asker);
        });
    }

    /// <summary>Of a running pipeline nothing is journaled: what a person wants of it stays the same.</summary>
    private void Restart()
    {
        if (_life.Wish != LifeWish.Running || _stoppers.Count > 0)
        {
            Resume();
            return;
        }
        _log.Info("Pipeline {0} is restarted", _settings.Name);
        _incidents.Note(new RestartedByPerson(_incidents.Now));
        Timers.Cancel("launch");
        _backoff.Reset();
        _waitingForDrain.Add(Sender);
        if (_parts is null) OnDrained();
        else Drain();
    }

    private void Fail(PipelineFailure failure)
    {
        if (_life.Fail(failure, _clock.GetUtcNow()) is not { } happened) return;
        StopParts();
        _progress.Fail(failure);
        _log.Error("Pipeline {0} stopped: {1}", _settings.Name, failure.Message);
        // Before the node hears of it, which may end for it.
        _incidents.Note(new Stopped(failure.Class, "pipeline", IncidentReason.Of(failure), happened.At));
        var message = new PipelineFailed(_settings.Name, failure);
        AnswerStarters(message);
        // First said, then remembered: a journal that is out of reach must not keep it from who waits.
        Context.System.EventStream.Publish(message);
        Remember(happened, OnDrained);
    }

    private void Remember(LifeEvent happened, Action then) => Persist(happened, remembered =>
    {
        _life = _life.After(remembered);
        then();
    });

    /// <summary>The journal is not emptied: an event more takes back what it says of a pause or a failure.</summary>
    private void ForgetAndStop()
    {
        if (_life.Resume(_clock.GetUtcNow()) is { } happened) Remember(happened, StartStopping);
        else StartStopping();
    }

    private void StartStopping()
    {
        _stoppers.Add(Sender);
        Failpoint.Reach(Failpoint.Stopping);
        Timers.Cancel("launch");
        StopLaunch();
        if (_parts is null) OnDrained();
        else Drain();
    }

    private void Drain()
    {
        _source.Tell(Finish.Instance);
        if (_draining) return;
        _draining = true;
        Timers.StartSingleTimer("drain", DrainOver.Instance, DrainWithin);
    }

    /// <summary>Nothing is in flight any more, or what is will be read again: what was waited for is done.</summary>
    private void OnDrained()
    {
        Timers.Cancel("drain");
        _draining = false;
        StopParts();
        if (_stoppers.Count > 0)
        {
            _progress.Stop();
            _incidents.Note(new NodeStopped(_incidents.Now));
            _ = TellStoppedAsync([.. _stoppers], _closing, Self);
            _stoppers.Clear();
        }
        else if (_life.Wish == LifeWish.Paused)
        {
            _progress.Restore(_life);
            AnswerStarters(new PipelineStarted(_settings.Name, IsPaused: true));
        }
        else if (IsWanted)
        {
            _progress.Again();
            StartLaunch();
        }
        foreach (var asker in _waitingForDrain) Answer(asker);
        _waitingForDrain.Clear();
    }

    /// <summary>Whoever waits for the end hears of it when slot, consumer group and connections are free for another node.</summary>
    private async Task TellStoppedAsync(IActorRef[] stoppers, Task closing, IActorRef self)
    {
        if (!await IsClosedAsync(closing)) _log.Warning("Pipeline {0}: its connections are not closed after {1} s; what they hold is free when their servers miss them", _settings.Name, CloseWithin.TotalSeconds);
        foreach (var stopper in stoppers) stopper.Tell(PipelinesStopped.Instance, self);
    }

    private void OnRecovered()
    {
        _progress.Restore(_life);
        if (_life is not { Wish: not LifeWish.Running, Since: { } since }) return;
        var kind = _life.Wish == LifeWish.Paused ? IncidentKind.Paused : _life.Failure!.Class == FailureClass.Fenced ? IncidentKind.Fenced : IncidentKind.Failed;
        _incidents.Note(new Remembered(kind, _life.Failure is { } failure ? IncidentReason.Of(failure) : _life.Reason!, since));
    }

    private void OnDegraded(PartDegraded part)
    {
        _progress.Degrade(part);
        if (part.IsContention) return;
        if (part is { IsOvertaken: true, Reason: { } how }) _incidents.Note(new Overtaken(how, IsSharing: false, _incidents.Now));
        else if (part.Reason is { } reason) _incidents.Note(new Troubled(part.Part, $"{part.Part}: {reason}", _incidents.Now) { OpensCircuit = part.OpensCircuit });
        else if (_progress.IsAtWork) _incidents.Note(new Recovered(_incidents.Now));
    }

    private void OnLettersAdded(DeadLettersAdded letters)
    {
        _progress.DeadLetters += letters.Count;
        _incidents.Note(new LettersOpened(letters.Count, _incidents.Now));
    }

    private void OnReached(ReachedCut reached)
    {
        _backoff.Reset();
        _progress.Reach(reached);
        _waiters.Reach();
    }

    /// <summary>Why there is nobody who could say which LSN is now; null: the pipeline runs, or is about to.</summary>
    private string? Absence()
    {
        if (_parts is not null) return null;
        var status = Status(SourceLoad.None);
        return status.State is PipelineState.Paused or PipelineState.Failed or PipelineState.Stopped or PipelineState.Standby
            ? $"it is {status.State.ToString().ToLowerInvariant()}{(status.Reason is null ? "" : $": {status.Reason}")}" : null;
    }
}
