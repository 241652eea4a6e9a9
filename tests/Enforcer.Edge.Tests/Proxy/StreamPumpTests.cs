using System.Text;
using Enforcer.Edge.Options;
using Enforcer.Edge.Proxy;
using Enforcer.Edge.Spending;
using Enforcer.Edge.Tests.Support;
using Enforcer.Protocol.V1;
using Enforcer.Testing;
using Microsoft.AspNetCore.Http;

namespace Enforcer.Edge.Tests.Proxy;

/// <summary>A stream of any length keeps its reservation alive, however long that is.</summary>
public sealed class StreamPumpTests
{
    [Fact]
    public async Task A_long_stream_is_extended_in_time_again_and_again()
    {
        var clock = new ManualClock();
        var options = new EdgeOptions { TtlMs = 10_000, UpstreamIdleMs = 300_000 };
        var gate = new CountingGate();
        var request = Calls.Read("chat", """{"model":"m","messages":[],"max_tokens":9,"stream":true}""");
        var account = new KnownAccount(new AccountView { Account = "a" }, clock);
        var call = new RunningCall(request, new Held(new Intent(Guid.CreateVersion7(), Guid.CreateVersion7(), account), 1, 9, null), options, clock);
        using var patience = new UpstreamPatience(options, clock, CancellationToken.None);
        var http = new DefaultHttpContext();
        http.Response.Body = Stream.Null;
        // A minute, one piece a second.
        await using var upstream = new PacedStream(clock, 60);
        var pump = new StreamPump(http, upstream, call, patience, gate, settler: null!, options, clock);
        Assert.Equal(StreamEnd.Whole, await pump.RunAsync(static () => { }));
        // More than half of its life is over every 6 s, because pieces come by whole seconds.
        Assert.Equal(10, gate.Extensions);
    }

    private sealed class CountingGate : ISpendGate
    {
        public int Extensions { get; private set; }

        public ValueTask<Held?> ExtendAsync(Held held, long moreOutputTokens)
        {
            Assert.Equal(0, moreOutputTokens);
            Extensions++;
            return new ValueTask<Held?>(held);
        }

        public ValueTask<string?> ProblemAsync() => throw new NotSupportedException();

        public ValueTask<Intent?> PlanAsync(string key) => throw new NotSupportedException();

        public ValueTask<Admission> ReserveAsync(Intent intent, string key, CallEstimate estimate) => throw new NotSupportedException();

        public ValueTask<SettleResult> SettleAsync(Settlement settlement) => throw new NotSupportedException();
    }

    private sealed class PacedStream(ManualClock clock, int pieces) : MemoryStream
    {
        private int _left = pieces;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left-- == 0)
                return new ValueTask<int>(0);
            clock.Advance(TimeSpan.FromSeconds(1));
            return new ValueTask<int>(Encoding.UTF8.GetBytes("""data: {"choices":[{"index":0,"delta":{"content":"x"}}]}""" + "\n\n", buffer.Span));
        }
    }
}
