using Enforcer.Client.Tests.Support;
using Enforcer.Protocol.V1;

namespace Enforcer.Client.Tests;

/// <summary>A client closes within a bounded time on its clock, whatever the server does, and leaves no caller without an answer.</summary>
public sealed class ClosingTests
{
    private static readonly AccountName Acme = new("acme");
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Closing_waits_for_the_answers_and_ends_the_stream_well()
    {
        await using var server = await FakeServer.StartAsync();
        var client = server.Connect();
        var call = client.ReserveAsync(Acme, 1).AsTask();
        var session = await server.NextSessionAsync();
        var command = await session.NextAsync();
        var closing = client.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.Session.SendAsync(new[] { Reserve(client.Session) }, new Recorder()));
        await session.GrantAsync(command);
        await closing.Within();
        Assert.True((await call.Within()).IsGranted);
        await session.ClientClosed.Within();
    }

    [Fact]
    public async Task An_unused_client_closes_at_once()
    {
        using var gone = new DeadAddress();
        await Connect(gone.Uri).DisposeAsync().AsTask().Within();
    }

    [Fact]
    public async Task A_server_that_is_gone()
    {
        using var gone = new DeadAddress();
        var client = Connect(gone.Uri);
        var call = client.ReserveAsync(Acme, 1).AsTask();
        var closing = client.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);
        _clock.Advance(Timeout);
        Assert.False((await Assert.ThrowsAsync<EnforcerException>(() => call.Within())).MayHaveTakenEffect);
        // Nothing was sent, so nothing is released; and without a connection there is no end of a stream to wait for.
        await closing.Within();
    }

    [Fact]
    public async Task A_server_that_says_nothing()
    {
        using var mute = new MuteServer();
        var client = Connect(mute.Address);
        var call = client.ReserveAsync(Acme, 1).AsTask();
        using var connection = await mute.NextConnectionAsync();
        await AssertClosesAsync(client, call);
    }

    [Fact]
    public async Task A_server_that_stops_answering()
    {
        await using var server = await FakeServer.StartAsync();
        var client = Connect(server.Address);
        var answered = client.ReserveAsync(Acme, 1).AsTask();
        var session = await server.NextSessionAsync();
        await session.GrantAsync(await session.NextAsync());
        await answered.Within();
        var call = client.ReserveAsync(Acme, 1).AsTask();
        await session.NextAsync();
        await AssertClosesAsync(client, call);
    }

    [Fact]
    public async Task A_server_that_breaks_every_connection()
    {
        await using var server = await FakeServer.StartAsync();
        server.OnSession = call => call.HttpContext.Abort();
        var client = Connect(server.Address);
        var call = client.ReserveAsync(Acme, 1).AsTask();
        await server.NextSessionAsync();
        await AssertClosesAsync(client, call);
    }

    [Fact]
    public async Task A_server_that_stops_reading()
    {
        using var meters = new OwnMeters();
        using var seen = new Measurements(meters);
        await using var server = await FakeServer.StartAsync();
        server.Reads = false;
        var client = new EnforcerClient(Options(server.Address, options => options.MaxInFlight = 16 * 1024), meters: meters);
        var recorder = new Recorder();
        var commands = Enumerable.Range(0, 16 * 1024).Select(mark => Reserve(client.Session, mark)).ToArray();
        await client.Session.SendAsync(commands, recorder);
        // The connection takes no more than three quarters of a megabyte unread; the batch with the last of it hangs.
        await Patience.UntilAsync(() => seen.Count("enforcer.client.batch_size") == 5, "the connection is full");
        var closing = client.DisposeAsync().AsTask();
        _clock.Advance(Timeout);
        await ClosesAsync(client, closing);
        Assert.Equal((commands.Length, commands.Length), (recorder.Failures.Count, recorder.Count));
    }

    [Fact]
    public async Task Callers_that_wait_for_room_learn_of_the_closing()
    {
        await using var server = await FakeServer.StartAsync();
        var client = Connect(server.Address, options => options.MaxInFlight = 1);
        var first = client.ReserveAsync(Acme, 1).AsTask();
        var second = client.ReserveAsync(Acme, 1).AsTask();
        var recorder = new Recorder();
        var third = client.Session.SendAsync(new[] { Reserve(client.Session), Reserve(client.Session) }, recorder).AsTask();
        var session = await server.NextSessionAsync();
        var command = await session.NextAsync();
        var closing = client.DisposeAsync().AsTask();
        await session.GrantAsync(command);
        Assert.True((await first.Within()).IsGranted);
        await closing.Within();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => second.Within());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => third.Within());
        Assert.Equal(0, recorder.Count);
    }

    private EnforcerClient Connect(Uri address, Action<EnforcerClientOptions>? change = null) => new(Options(address, change));

    private EnforcerClientOptions Options(Uri address, Action<EnforcerClientOptions>? change = null) => FakeServer.OptionsFor(address, options =>
    {
        options.TimeProvider = _clock;
        options.Timeout = Timeout;
        change?.Invoke(options);
    });

    /// <summary>The call ends after one timeout, and the Release that may follow it after a second one.</summary>
    private async Task AssertClosesAsync(EnforcerClient client, Task<Reservation> call)
    {
        var closing = client.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);
        _clock.Advance(Timeout);
        await Assert.ThrowsAsync<EnforcerException>(() => call.Within());
        _clock.Advance(Timeout);
        await ClosesAsync(client, closing);
    }

    /// <summary>All deadlines have passed: a sweep ends what was just being written, and then only the wait for the end of the stream is left.</summary>
    private async Task ClosesAsync(EnforcerClient client, Task closing)
    {
        await AdvanceUntilAsync(TimeSpan.FromMilliseconds(1), () => client.Session.InFlight == 0, "nothing is in flight");
        await AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => closing.IsCompleted, "the client closes");
        await closing;
    }

    private Task AdvanceUntilAsync(TimeSpan step, Func<bool> condition, string what) => Patience.UntilAsync(
        () =>
        {
            _clock.Advance(step);
            return condition();
        },
        what);

    private static SessionCommand Reserve(EnforcerSession session, long mark = 0) => new()
    {
        Kind = SessionCommandKind.Reserve,
        OperationId = session.Ids.Next(),
        Account = new AccountName(new string('a', 128)),
        AmountNanos = 1,
        Model = new string('m', 128),
        Tag = new string('t', 64),
        Mark = mark,
    };
}
