using Enforcer.Client;
using Enforcer.Grpc;
using Enforcer.LoadTests.Traffic;
using Enforcer.Protocol.V1;

namespace Enforcer.LoadTests.Edges;

/// <summary>The connections of a fleet: channels for its own edges, sessions of the SDK where the mode asks for them.</summary>
internal sealed class FleetLinks : IAsyncDisposable
{
    private readonly FleetShape _shape;
    private readonly IReadOnlyList<GrpcChannel>[] _channels;
    private readonly EnforcerSession[] _sessions;

    public FleetLinks(Target target, FleetShape shape, int accounts)
    {
        var (isBare, isSdk) = (shape.Has(EdgeMode.Session) || shape.Has(EdgeMode.Unary), shape.Has(EdgeMode.Sdk));
        _shape = shape;
        _channels = isBare ? [.. Enumerable.Range(0, shape.Connections).Select(_ => EdgeChannel.OpenAll(target))] : [];
        _sessions = isSdk ? [.. Enumerable.Range(0, shape.Connections).Select(first => new EnforcerSession(OptionsFor(target, first)))] : [];
        Utf8Names = isBare ? AccountNames.Utf8(accounts) : [];
        Messages = isBare ? [.. Enumerable.Range(0, accounts).Select(account => new AccountRef { Account = AccountNames.Of(account) })] : [];
        References = isSdk
            ? [.. Enumerable.Range(0, accounts).Select(account => AccountReference.FromName(new AccountName(AccountNames.Of(account))))]
            : [];
    }

    public byte[][] Utf8Names { get; }

    public AccountRef[] Messages { get; }

    public AccountReference[] References { get; }

    /// <summary>The nodes as an edge sees them; edges begin with different ones.</summary>
    public ChannelRing RingOf(int edge) => new(_channels[_shape.ConnectionOf(edge)], first: edge / 2);

    public EnforcerSession SessionOf(int edge) => _sessions[_shape.ConnectionOf(edge)];

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels.SelectMany(channels => channels))
        {
            channel.Dispose();
        }

        foreach (var session in _sessions)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The SDK as an application would set it up; sessions begin with different nodes.</summary>
    private static EnforcerClientOptions OptionsFor(Target target, int first) => new()
    {
        Endpoints =
        [
            .. Enumerable.Range(first, target.Addresses.Count).Select(i => target.Addresses[i % target.Addresses.Count].GetLeftPart(UriPartial.Authority)),
        ],
        Token = target.Token,
        MaxInFlight = EnforcerClientOptions.MaxInFlightBound,
    };
}
