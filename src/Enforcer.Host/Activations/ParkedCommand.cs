using Enforcer.Ledger.Commands;

namespace Enforcer.Host.Activations;

/// <summary>A command that waits for its account to be loaded or for its history.</summary>
internal sealed class ParkedCommand(in Command command)
{
    private readonly TaskCompletionSource<Execution> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Command Command { get; } = command;

    public Task<Execution> Task => _done.Task;

    public void Complete(in Execution execution) => _done.TrySetResult(execution);

    public void Fail(Exception exception) => _done.TrySetException(exception);
}
