namespace Enforcer.Cluster;

/// <summary>The way to one peer: its present link, and whether it lives and yet cannot be reached. Guarded by the lock of <see cref="PeerLinks"/>.</summary>
/// <remarks>
/// A peer that cannot be reached is dead or cut off. Whoever is dead is replaced soon, and what is for it waits. Whoever is cut off is not replaced, because its
/// heartbeat goes on: what is for it would wait in vain. So it counts as cut off once connecting has failed and its heartbeat was seen to move afterwards, in a
/// look that cannot have begun before.
/// </remarks>
internal sealed class PeerPath(string from, string node)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
    private readonly ulong _seed = ClusterView.Mix(ClusterView.HashOf(from)) ^ ClusterView.HashOf(node);
    private PeerLink? _link;
    private long _pausedAt;
    private TimeSpan _pause;
    private int _failures;
    private ClusterView? _lostIn;
    private long _beats = -1;
    private bool _isLost;
    private bool _livesOn;

    /// <summary>The peer's name.</summary>
    public string Node { get; } = node;

    /// <summary>The link in use, or the last one; null before the first.</summary>
    public PeerLink? Link => _link;

    /// <summary>True while the peer lives and cannot be reached from here.</summary>
    public bool IsCutOff => _failures > 0 && _livesOn && _link is not { IsConnected: true };

    /// <summary>True if another link may be made now.</summary>
    public bool MayConnect(TimeProvider clock, long now) => _link is null || (_isLost && clock.GetElapsedTime(_pausedAt, now) >= _pause);

    /// <summary>From now on this link is used.</summary>
    public void Use(PeerLink link)
    {
        if (_link?.Mark != link.Mark) _failures = 0;
        // What was seen of its heartbeat long ago says nothing of why this link may fail.
        if (_failures == 0) _livesOn = false;
        (_link, _isLost) = (link, false);
    }

    /// <summary>Notices what has become of the link and of the peer's heartbeat.</summary>
    public void Look(ClusterView view, long now)
    {
        if (_link is null) return;
        if (_link.IsConnected) (_failures, _livesOn) = (0, false);
        else if (_link.IsClosed && !_isLost) Lose(view, now);
        else if (_isLost || _failures > 0) LookAtHeart(view);
    }

    private void Lose(ClusterView view, long now)
    {
        _isLost = true;
        _failures = _link!.HasConnected ? 0 : _failures + 1;
        // The first heartbeat that is seen next may be from before.
        if (!_livesOn) (_lostIn, _beats) = (view, -1);
        (_pausedAt, _pause) = (now, NextPause());
    }

    private void LookAtHeart(ClusterView view)
    {
        if (ReferenceEquals(view, _lostIn)) return;
        if (view.Find(Node) is not { IsServing: true } peer || peer.Row.Beat!.Mark != _link!.Mark)
        {
            _livesOn = false;
            return;
        }
        if (_beats >= 0 && peer.Row.Beats > _beats) _livesOn = true;
        (_lostIn, _beats) = (view, peer.Row.Beats);
    }

    /// <summary>Doubles with each failure, and is spread over half to one and a half of that, so that nodes that lost each other do not come back in step.</summary>
    private TimeSpan NextPause()
    {
        var middle = Math.Min(FirstPause.Ticks << Math.Min(_failures, 8), LongestPause.Ticks);
        var share = (long)(ClusterView.Mix(unchecked(_seed + (ulong)_failures)) % 1_000);
        return TimeSpan.FromTicks((middle / 2) + (middle * share / 1_000));
    }
}
