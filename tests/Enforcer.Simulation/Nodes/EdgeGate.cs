using Enforcer.Cluster;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Simulation.Checking;
using Enforcer.Simulation.Clients;
using Enforcer.Simulation.Kernel;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Simulation.Nodes;

/// <summary>
/// What a process offers to clients: sessions, and calls one by one. Where nodes know nothing of each other, it stands for whatever brings commands to the
/// node that the journal names.
/// </summary>
internal sealed class EdgeGate(World world, SimNode node, Machine machine, Network network, Operations asked, IReadOnlyList<SimNode> nodes)
{
    private const int MostRelays = 3;
    private const long RelayPatience = 200 * World.Millisecond;

    /// <summary>Answers a session until its connection breaks.</summary>
    public async Task AnswerAsync(IPeerConnection connection)
    {
        var outbound = new OutboundCommands();
        try
        {
            while (await connection.ReceiveAsync().ConfigureAwait(false) is { } frame)
            {
                foreach (var command in V1.CommandBatch.Parser.ParseFrom(frame.Span).Commands)
                {
                    var (account, asked) = EdgeWire.Read(command);
                    Ask(account, asked, MostRelays, reply => _ = TellAsync(connection, command.Number, reply), outbound);
                }
                outbound.Flush();
            }
        }
        catch (PeerLostException)
        {
            // The client asks again, here or elsewhere.
        }
    }

    /// <summary>Answers one call; null: it cannot at present.</summary>
    public void Answer(IMessage request, Action<IMessage?> tell)
    {
        if (request is V1.GetRequest get)
        {
            _ = ReadAsync(EdgeWire.AccountOf(get.Account.Account), tell);
            return;
        }
        // One message stands for all that operators ask; what exactly is meant is looked up.
        var change = (V1.ChangeRequest)request;
        var account = EdgeWire.AccountOf(change.Account);
        var command = asked.FindLast(account, Ledger.OperationId.Read(change.OperationId.Span));
        Ask(account, command, MostRelays, reply =>
            tell(reply.Outcome is { } outcome ? new V1.ChangeResponse { Outcome = EdgeWire.Write(0, outcome) } : null));
    }

    private void Ask(long account, Command command, int relays, Action<Reply> reply, OutboundCommands? outbound = null) => _ = node.ServeAsync(machine, account, command, outbound, answer =>
    {
        if (answer.Elsewhere is { } owner && relays > 0) Relay(account, command, relays, owner, reply);
        else reply(answer);
    });

    private void Relay(long account, Command command, int relays, string owner, Action<Reply> reply)
    {
        var hasReplied = false;
        void ReplyOnce(Reply answer)
        {
            if (hasReplied) return;
            hasReplied = true;
            reply(answer);
        }

        var target = nodes.First(other => other.Name == owner);
        world.After(RelayPatience, machine, "patience", () => ReplyOnce(Reply.Unavailable));
        network.Send(machine, owner, "relay", () => target.Machine, far =>
        {
            if (target.Gate is not { } gate) return;
            gate.Ask(account, command, relays - 1, answer => network.Send(far, machine.Name, "relayed", () => machine, _ => ReplyOnce(answer)));
        });
    }

    private static async Task TellAsync(IPeerConnection connection, ulong number, Reply reply)
    {
        var outcome = reply.Outcome ?? Ledger.Outcome.Refuse(Ledger.Refusal.Unavailable, 0);
        try
        {
            await connection.SendAsync(new V1.OutcomeBatch { Outcomes = { EdgeWire.Write(number, outcome) } }.ToByteArray()).ConfigureAwait(false);
        }
        catch (PeerLostException)
        {
            // As above.
        }
    }

    private async Task ReadAsync(long account, Action<IMessage?> tell)
    {
        try
        {
            tell(await node.ReadAsync(account).ConfigureAwait(false) is { } reading ? new V1.GetResponse { Account = ViewOf(reading) } : null);
        }
        catch (Exception error) when (error is JournalLostException or JournalUnavailableException or JournalFencedException or JournalElsewhereException)
        {
            tell(null);
        }
#pragma warning disable CA1031 // Everything else is a finding.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (machine.IsAlive) world.Break("production code fails", $"{node.Name}, account {account}, Get: {error}");
        }
    }

    private static V1.AccountView ViewOf(AccountReading reading)
    {
        var view = new V1.AccountView
        {
            Account = EdgeWire.NameOf(reading.Account).Value,
            Status = reading.Status switch
            {
                AccountStatus.Active => V1.AccountStatus.Active,
                AccountStatus.Suspended => V1.AccountStatus.AccountSuspended,
                AccountStatus.Closed => V1.AccountStatus.AccountClosed,
                _ => V1.AccountStatus.Unspecified,
            },
            CommittedNanos = reading.CommittedNanos,
            HeldNanos = reading.HeldNanos,
            OpenReservations = reading.OpenReservations,
            Seq = reading.Seq,
        };
        foreach (var spend in reading.Spend) view.SpendLimits.Add(new V1.SpendLimitView { HeadroomNanos = spend.HeadroomNanos });
        return view;
    }
}
