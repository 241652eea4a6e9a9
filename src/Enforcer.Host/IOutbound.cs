namespace Enforcer.Host;

/// <summary>The way to another node, on which commands wait for those that follow at once.</summary>
public interface IOutbound
{
    /// <summary>What waits goes out; nothing happens if nothing waits.</summary>
    void Flush();
}
