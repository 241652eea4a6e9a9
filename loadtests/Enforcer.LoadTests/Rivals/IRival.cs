using Enforcer.LoadTests.Measuring;

namespace Enforcer.LoadTests.Rivals;

/// <summary>Something that a user would build instead, started by this tool and ready to be measured.</summary>
internal interface IRival : IAsyncDisposable
{
    string Name { get; }

    Task<LoadResult> RunAsync(CycleLoad load, CancellationToken cancellation);
}
