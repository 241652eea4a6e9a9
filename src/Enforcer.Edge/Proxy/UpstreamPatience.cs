using Enforcer.Edge.Options;

namespace Enforcer.Edge.Proxy;

/// <summary>
/// How long one call waits for its upstream: a bounded silence while the customer is there, and a bounded time in all after he has gone. One a
/// call; <see cref="CustomerLeft"/> may come from any thread.
/// </summary>
internal sealed class UpstreamPatience : IDisposable
{
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenRegistration _leaving;
    private readonly TimeSpan _silence;
    private readonly TimeSpan _drain;
    private readonly Lock _gate = new();

    public UpstreamPatience(EdgeOptions options, TimeProvider clock, CancellationToken customerGone)
    {
        _silence = TimeSpan.FromMilliseconds(options.UpstreamIdleMs);
        _drain = TimeSpan.FromMilliseconds(options.DrainMs);
        _over = new CancellationTokenSource(_silence, clock);
        _leaving = customerGone.UnsafeRegister(static patience => ((UpstreamPatience)patience!).CustomerLeft(), this);
    }

    /// <summary>Ends what waits for the upstream.</summary>
    public CancellationToken Token => _over.Token;

    /// <summary>The customer has gone.</summary>
    public bool HasCustomerLeft { get; private set; }

    /// <summary>The upstream gave a sign.</summary>
    public void Renew()
    {
        lock (_gate)
        {
            if (!HasCustomerLeft)
                _over.CancelAfter(_silence);
        }
    }

    /// <summary>From now on the upstream is only read for its usage.</summary>
    public void CustomerLeft()
    {
        lock (_gate)
        {
            if (HasCustomerLeft)
                return;
            HasCustomerLeft = true;
            _over.CancelAfter(_drain);
        }
    }

    public void Dispose()
    {
        _leaving.Dispose();
        _over.Dispose();
    }
}
