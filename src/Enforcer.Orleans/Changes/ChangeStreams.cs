using Orleans.Runtime;
using Orleans.Streams;

namespace Enforcer.Orleans;

/// <summary>
/// The streams on which silos tell what has changed. What comes on them is durable; whether everything comes is up to the provider: streams in memory lose
/// what a dying silo had. The journal is the record.
/// </summary>
public sealed class ChangeStreams(IStreamProvider provider)
{
    /// <summary>The provider's name.</summary>
    public const string Provider = "changes";

    private const string Namespace = "enforcer";

    /// <summary>The shares of a cap that are told when they are reached.</summary>
    public static IReadOnlyList<int> Percents { get; } = [50, 80, 90, 100];

    /// <summary>Balances of accounts that have changed.</summary>
    public IAsyncStream<AccountBalance> Balances { get; } = provider.GetStream<AccountBalance>(StreamId.Create(Namespace, "balances"));

    /// <summary>Shares of spend caps that were reached.</summary>
    public IAsyncStream<ThresholdCrossing> Thresholds { get; } = provider.GetStream<ThresholdCrossing>(StreamId.Create(Namespace, "thresholds"));

    /// <summary>What operators did to accounts.</summary>
    public IAsyncStream<OperatorChange> Operators { get; } = provider.GetStream<OperatorChange>(StreamId.Create(Namespace, "operators"));
}
