using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Simulation.Checking;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Simulation.Clients;

/// <summary>
/// Reads what a client's SDK sends and hears. It may send only what it was asked to, and the Release of a Reserve whose caller has gone; and every answer that
/// reaches it must be right, whether anybody still waits for it or not.
/// </summary>
internal sealed class SessionWatch(AnswerCheck answers, string name)
{
    private readonly Dictionary<(OperationId Id, uint Body), Call> _calls = [];
    private readonly HashSet<OperationId> _releasable = [];
    private readonly HashSet<OperationId> _released = [];

    /// <summary>The SDK is asked for this from now on.</summary>
    public void Expect(Call call) => _calls.TryAdd((call.Command.OperationId, call.Command.BodyHash()), call);

    /// <summary>Should its caller go without an answer, the SDK releases what was reserved.</summary>
    public void MayRelease(OperationId reservation) => _releasable.Add(reservation);

    /// <summary>The caller has an answer: what was reserved is its own.</summary>
    public void Told(Call call, in Outcome outcome)
    {
        _releasable.Remove(call.Command.OperationId);
        if (outcome.IsGranted && _released.Contains(call.Command.OperationId)) answers.Unasked(name, call.Account, call.Command);
    }

    /// <summary>A connection begins; numbers on the wire have their meaning there.</summary>
    public Connection Begin() => new(this);

    private void Heard(Call call, in Outcome outcome) => answers.Heard(call, outcome);

    private Call? CallOf(V1.Command message)
    {
        var (account, command) = EdgeWire.Read(message);
        var key = (command.OperationId, command.BodyHash());
        if (_calls.TryGetValue(key, out var call) && call.Account == account) return call;
        if (command.Kind == CommandKind.Release && _releasable.Contains(command.ReservationId))
        {
            _released.Add(command.ReservationId);
            answers.Follow(account, command);
        }
        else
        {
            answers.Unasked(name, account, command);
        }
        return null;
    }

    internal sealed class Connection(SessionWatch watch)
    {
        private readonly Dictionary<ulong, Call?> _numbers = [];

        public void Leaving(V1.Command message) => _numbers[message.Number] = watch.CallOf(message);

        public void Come(V1.Outcome message)
        {
            if (_numbers.GetValueOrDefault(message.Number) is not { } call) return;
            var outcome = EdgeWire.Read(message);
            if (!outcome.Refusal.IsToBeRepeated()) watch.Heard(call, outcome);
        }
    }
}
