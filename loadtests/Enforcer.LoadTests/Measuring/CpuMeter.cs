namespace Enforcer.LoadTests.Measuring;

/// <summary>CPU seconds of this process and of a server process (with its children) between its start and its end.</summary>
internal sealed class CpuMeter
{
    private readonly int _serverId;
    private readonly double _clientBefore;
    private readonly double _serverBefore;

    /// <param name="serverId">The server's process; 0 where this process does all the work.</param>
    public CpuMeter(int serverId)
    {
        _serverId = serverId;
        _clientBefore = ClientSeconds();
        _serverBefore = ServerSeconds();
    }

    public CpuUse Read() => new(ClientSeconds() - _clientBefore, ServerSeconds() - _serverBefore);

    private static double ClientSeconds() => Environment.CpuUsage.TotalTime.TotalSeconds;

    private double ServerSeconds() => _serverId == 0 ? 0 : ProcessTree.CpuSeconds(_serverId);
}
