namespace Enforcer.LoadTests.Measuring;

/// <summary>CPU seconds of this process, of servers and of a database, each with its children, between its start and its end.</summary>
internal sealed class CpuMeter
{
    private readonly IReadOnlyList<int> _serverIds;
    private readonly int _databaseId;
    private readonly CpuUse _before;

    /// <param name="serverIds">The servers' processes; 0 where this process does all the work.</param>
    /// <param name="databaseId">The database's process, where it is told apart from the servers; 0 otherwise.</param>
    public CpuMeter(IReadOnlyList<int> serverIds, int databaseId = 0)
    {
        (_serverIds, _databaseId) = (serverIds, databaseId);
        _before = Now();
    }

    public CpuUse Read() => Now() - _before;

    private CpuUse Now() => new(Environment.CpuUsage.TotalTime.TotalSeconds, _serverIds.Sum(SecondsOf), SecondsOf(_databaseId));

    private static double SecondsOf(int id) => id == 0 ? 0 : ProcessTree.CpuSeconds(id);
}
