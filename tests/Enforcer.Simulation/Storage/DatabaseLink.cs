using Enforcer.Journal;
using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Storage;

/// <summary>
/// What lies between a process and the database: time, and everything that can be lost on the way. A statement may happen though its answer is lost, and
/// even long after whoever sent it has given it up.
/// </summary>
internal sealed class DatabaseLink(World world, Machine machine, SimDatabase database, Weather weather)
{
    private const long Timeout = 600 * World.Millisecond;
    private readonly SimRandom _random = world.Random.Fork();

    /// <summary>Sends a statement and waits for what it gives.</summary>
    /// <exception cref="LinkLostException">There was no answer.</exception>
    public Task<T> AskAsync<T>(string what, Func<T> statement, CancellationToken cancel = default)
    {
        world.RequireThread();
        var answer = new TaskCompletionSource<T>();
        weather.MayKillAtStatement(machine, what);
        if (!machine.IsAlive) return answer.Task;
        if (cancel.CanBeCanceled) cancel.Register(() => answer.TrySetCanceled(cancel));
        var isLost = weather.IsCut(machine.Name, Weather.DatabaseName) || _random.Happens(weather.DatabaseLossPerMille);
        if (isLost) weather.Tally.Count(FaultKind.StatementLost);
        if (database.IsDown || isLost) Lose(answer, mayHaveHappened: false, what);
        else if (_random.Happens(weather.DatabaseLossPerMille)) Late(answer, what, statement);
        else Send(answer, what, statement);
        return answer.Task;
    }

    /// <summary>The same for reading; whatever goes wrong has changed nothing.</summary>
    /// <exception cref="JournalUnavailableException">There was no answer.</exception>
    public async Task<T> ReadAsync<T>(string what, Func<T> statement, CancellationToken cancel = default)
    {
        try
        {
            return await AskAsync(what, statement, cancel).ConfigureAwait(false);
        }
        catch (LinkLostException lost)
        {
            throw new JournalUnavailableException(lost.Message, lost);
        }
    }

    private void Send<T>(TaskCompletionSource<T> answer, string what, Func<T> statement)
    {
        world.After(Delay(), null, what, () =>
        {
            if (database.IsDown)
            {
                Fail(answer, mayHaveHappened: false, what);
                return;
            }
            var result = Run(statement, out var error);
            var isLost = weather.IsCut(Weather.DatabaseName, machine.Name) || _random.Happens(weather.DatabaseLossPerMille);
            if (isLost)
            {
                weather.Tally.Count(what == "append" ? FaultKind.CommitReplyLost : FaultKind.StatementLost);
                Lose(answer, mayHaveHappened: true, what);
            }
            else
            {
                world.After(Delay(), machine, "answer", () => Tell(answer, result, error));
            }
        });
    }

    /// <summary>The connection breaks at once, yet the statement is carried out some time later.</summary>
    private void Late<T>(TaskCompletionSource<T> answer, string what, Func<T> statement)
    {
        weather.Tally.Count(FaultKind.StatementLate);
        Lose(answer, mayHaveHappened: true, what);
        world.After(_random.Between(0, 2 * Timeout), null, what, () =>
        {
            if (!database.IsDown) Run(statement, out _);
        });
    }

    private void Lose<T>(TaskCompletionSource<T> answer, bool mayHaveHappened, string what)
    {
        var after = _random.Happens(500) ? _random.Between(World.Millisecond / 2, 5 * World.Millisecond) : Timeout;
        world.After(after, machine, "no answer", () => Fail(answer, mayHaveHappened, what));
    }

    private static T? Run<T>(Func<T> statement, out Exception? error)
    {
        try
        {
            error = null;
            return statement();
        }
        catch (Exception failure) when (failure is JournalFencedException or JournalCorruptException)
        {
            error = failure;
            return default;
        }
    }

    private static void Tell<T>(TaskCompletionSource<T> answer, T? result, Exception? error)
    {
        if (error is not null) answer.TrySetException(error);
        else answer.TrySetResult(result!);
    }

    private void Fail<T>(TaskCompletionSource<T> answer, bool mayHaveHappened, string what)
    {
        if (machine.IsAlive) answer.TrySetException(new LinkLostException($"The database does not answer ({what}).", mayHaveHappened));
    }

    private long Delay() => _random.Between(50 * World.Microsecond, 400 * World.Microsecond) * database.Slowness;
}
