namespace Enforcer.Storage.Postgres;

/// <summary>
/// A caller's token as the driver gets it. What the driver registers on a token fails if the connection ends at the moment of the cancellation; that would fall
/// on whoever cancels, and where a deadline does, on a timer, which ends the process.
/// </summary>
internal sealed class DriverToken : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _onCancelled;

    /// <summary>Cancelled with the caller's, until it is disposed of.</summary>
    public DriverToken(CancellationToken caller) => _onCancelled = caller.UnsafeRegister(static self => ((DriverToken)self!).Cancel(), this);

    /// <summary>For the driver.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _onCancelled.Dispose();
        _source.Dispose();
    }

    private void Cancel()
    {
        try
        {
            _source.Cancel();
        }
        catch (AggregateException)
        {
            // All is cancelled; whoever waits for the connection is told by the connection.
        }
    }
}
