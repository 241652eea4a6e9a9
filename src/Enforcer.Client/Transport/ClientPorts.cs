using System.Security.Cryptography;

namespace Enforcer.Client;

/// <summary>What a client reaches besides its clock: servers, threads, chance.</summary>
internal sealed record ClientPorts
{
    /// <summary>Those of this machine.</summary>
    public static ClientPorts Real { get; } = new();

    /// <summary>How a server is reached.</summary>
    public Func<Uri, EnforcerClientOptions, IServerPort> Reach { get; init; } = static (address, options) => new GrpcServerPort(address, options);

    /// <summary>Gives work to a thread.</summary>
    public Action<IThreadPoolWorkItem> Queue { get; init; } = static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: true);

    /// <summary>Where jitter and ids come from; null: the system's.</summary>
    public RandomNumberGenerator? Random { get; init; }

    /// <summary>From 0 to just below; evenly enough for spreading waits.</summary>
    public int Below(int bound)
    {
        if (Random is null) return RandomNumberGenerator.GetInt32(bound);
        Span<byte> drawn = stackalloc byte[sizeof(uint)];
        Random.GetBytes(drawn);
        return (int)(BitConverter.ToUInt32(drawn) % (uint)bound);
    }
}
