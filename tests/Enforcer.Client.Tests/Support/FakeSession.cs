using System.Threading.Channels;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.Client.Tests.Support;

/// <summary>One session as the fake server sees it: the test takes commands and gives answers in its own order.</summary>
public sealed class FakeSession(GrpcStreamReader<CommandBatch> reader, GrpcStreamWriter<OutcomeBatch> writer, GrpcCall call)
{
    private readonly Channel<Command> _commands = Channel.CreateUnbounded<Command>();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<int> BatchSizes { get; } = [];

    public string? Authorization { get; } = call.Header("authorization");

    /// <summary>Whether the client ended its side well.</summary>
    public Task ClientClosed => _commands.Reader.Completion;

    public Task<Command> NextAsync() => _commands.Reader.ReadAsync().Within();

    public async Task<List<Command>> NextAsync(int count)
    {
        var commands = new List<Command>();
        while (commands.Count < count)
            commands.Add(await NextAsync());
        return commands;
    }

    public bool HasMore => _commands.Reader.TryPeek(out _);

    public async Task AnswerAsync(params IEnumerable<Outcome> outcomes) => await writer.WriteAsync(new OutcomeBatch { Outcomes = { outcomes } });

    public Task GrantAsync(Command command) => AnswerAsync(Grant(command));

    /// <summary>What a server with unlimited caps would say.</summary>
    public static Outcome Grant(Command command) => new()
    {
        Number = command.Number,
        HeldNanos = command.Reserve?.AmountNanos ?? 0,
        HeldTokens = command.Reserve?.Tokens ?? 0,
        ChargedNanos = command.Commit?.AmountNanos ?? 0,
    };

    public static Outcome Refuse(Command command, Refusal refusal, string message = "") => new()
    {
        Number = command.Number,
        Refusal = refusal,
        Detail = new() { Message = message },
    };

    /// <summary>Breaks the connection.</summary>
    public void Break() => call.HttpContext.Abort();

    /// <summary>Ends the call with a status.</summary>
    public void End(GrpcStatusException status) => _end.TrySetException(status);

    /// <summary>Ends the call well, though the client has not.</summary>
    public void End() => _end.TrySetResult();

    /// <summary>Reads nothing until the call is over.</summary>
    internal Task WaitAsync() => _end.Task.WaitAsync(call.CancellationToken);

    internal async Task RunAsync(Func<Command, Outcome?>? script)
    {
        var reading = ReadAsync(script);
        await await Task.WhenAny(reading, _end.Task);
    }

    private async Task ReadAsync(Func<Command, Outcome?>? script)
    {
        try
        {
            while (await reader.ReadAsync() is { } batch)
            {
                BatchSizes.Add(batch.Commands.Count);
                foreach (var command in batch.Commands)
                    _commands.Writer.TryWrite(command);
                if (script is not null)
                    await AnswerAsync(batch.Commands.Select(script).OfType<Outcome>());
            }
            _commands.Writer.TryComplete();
        }
        catch (GrpcStatusException broken)
        {
            _commands.Writer.TryComplete(broken);
        }
    }
}
