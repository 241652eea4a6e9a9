using Enforcer.Client;
using Enforcer.Grpc;
using Enforcer.LoadTests.Traffic;
using Enforcer.Protocol.V1;

namespace Enforcer.LoadTests.Edges;

/// <summary>The connections of a fleet: channels for its own edges, sessions of the SDK where the mode asks for them.</summary>
internal sealed class FleetLinks : IAsyncDisposable
{
    private readonly GrpcChannel[] _channels;
    private readonly EnforcerSession[] _sessions;

    public FleetLinks(Target target, FleetShape shape, int accounts)
    {
        var isSdk = shape.Mode == EdgeMode.Sdk;
        _channels = isSdk ? [] : [.. Enumerable.Range(0, shape.Connections).Select(_ => EdgeChannel.Open(target))];
        _sessions = isSdk ? [.. Enumerable.Range(0, shape.Connections).Select(_ => new EnforcerSession(OptionsFor(target)))] : [];
        Utf8Names = isSdk ? [] : AccountNames.Utf8(accounts);
        Messages = isSdk ? [] : [.. Enumerable.Range(0, accounts).Select(account => new AccountRef { Account = AccountNames.Of(account) })];
        References = isSdk
            ? [.. Enumerable.Range(0, accounts).Select(account => AccountReference.FromName(new AccountName(AccountNames.Of(account))))]
            : [];
    }

    public byte[][] Utf8Names { get; }

    public AccountRef[] Messages { get; }

    public AccountReference[] References { get; }

    public GrpcChannel ChannelOf(int edge) => _channels[edge % _channels.Length];

    public EnforcerSession SessionOf(int edge) => _sessions[edge % _sessions.Length];

    public async ValueTask DisposeAsync()
    {
        Array.ForEach(_channels, channel => channel.Dispose());
        foreach (var session in _sessions)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static EnforcerClientOptions OptionsFor(Target target) => new()
    {
        Endpoints = [target.Address.GetLeftPart(UriPartial.Authority)],
        Token = target.Token,
        MaxInFlight = EnforcerClientOptions.MaxInFlightBound,
    };
}
