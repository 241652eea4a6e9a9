using System.Buffers;
using System.Text;
using System.Text.Json;
using Enforcer.Edge.Options;
using Enforcer.Edge.Outbox;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Proxy;

/// <summary>
/// Passes a stream of events from an upstream to a customer, each piece as soon as it is there, and reads it as it passes. A customer who goes away
/// stops the passing, not the reading.
/// </summary>
internal sealed class StreamPump(HttpContext http, Stream upstream, RunningCall call, UpstreamPatience patience, ISpendGate gate, Settler settler, EdgeOptions options, TimeProvider clock)
{
    private const int PieceBytes = 16 * 1024;
    private const int MostEventBytes = 8 << 20;
    private readonly TimeSpan _renewal = TimeSpan.FromMilliseconds(options.TtlMs / 2);
    private readonly ArrayBufferWriter<byte> _visible = new();
    private long _renewedAt = clock.GetTimestamp();
    private long _drained;

    /// <summary>Runs to the end of the stream.</summary>
    /// <param name="onFinal">Called once, as soon as the usage is known and before the customer sees what told it.</param>
    public async Task<StreamEnd> RunAsync(Action onFinal)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        using var splitter = new EventSplitter(MostEventBytes);
        try
        {
            while (true)
            {
                var length = await ReadAsync(piece).ConfigureAwait(false);
                if (length <= 0)
                    return await EndAsync(splitter, length == 0).ConfigureAwait(false);
                var wasFinal = call.Tally.IsFinal;
                var passes = Look(splitter, piece.AsMemory(0, length));
                if (call.Tally.IsFinal && !wasFinal)
                    onFinal();
                await PassAsync(passes).ConfigureAwait(false);
                if (patience.HasCustomerLeft && (call.Tally.IsFinal || (_drained += length) > options.DrainBytes))
                    return call.Tally.IsFinal ? StreamEnd.Whole : StreamEnd.Left;
                if (!await HasEnoughAsync().ConfigureAwait(false))
                    return await RefuseAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>Reads the next piece: its length, 0 at the end, -1 if the upstream broke off.</summary>
    private async ValueTask<int> ReadAsync(byte[] piece)
    {
        try
        {
            var length = await upstream.ReadAsync(piece, patience.Token).ConfigureAwait(false);
            patience.Renew();
            return length;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException)
        {
            return -1;
        }
    }

    /// <summary>Reads what came in; gives what of it the customer may see now.</summary>
    private ReadOnlyMemory<byte> Look(EventSplitter splitter, ReadOnlyMemory<byte> piece)
    {
        var hides = call.Request.HidesUsage;
        if (splitter.HasGivenUp)
            return piece;
        splitter.Append(piece.Span);
        _visible.ResetWrittenCount();
        while (splitter.TryNext(out var one))
        {
            var fate = Read(one.Span);
            if (hides && fate == EventFate.Pass)
                _visible.Write(one.Span);
        }
        if (!hides)
            return piece;
        if (splitter.HasGivenUp)
            _visible.Write(splitter.Rest.Span);
        return _visible.WrittenMemory;
    }

    private EventFate Read(ReadOnlySpan<byte> one)
    {
        var data = EventSplitter.DataOf(one);
        if (data.IsEmpty)
            return EventFate.Pass;
        try
        {
            return call.Tally.OnEvent(data);
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            // Nobody can read it here. The customer may, and the bound of what was generated does not depend on it alone.
            return EventFate.Pass;
        }
    }

    private async ValueTask PassAsync(ReadOnlyMemory<byte> bytes)
    {
        if (patience.HasCustomerLeft || bytes.IsEmpty)
            return;
        try
        {
            // Leaves at once: Kestrel keeps nothing back.
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            patience.CustomerLeft();
        }
    }

    /// <summary>Keeps the hold ahead of what is generated, and alive.</summary>
    private async ValueTask<bool> HasEnoughAsync()
    {
        if (clock.GetElapsedTime(_renewedAt) > _renewal)
        {
            _renewedAt = clock.GetTimestamp();
            _ = ExtendTimeAsync();
        }
        if (call.Request.Upstream.KeepsLimits || call.Request.Estimate.FlatNanos is not null || call.Tally.IsFinal)
            return true;
        // Half a step ahead, so that the next answer is there before the hold has run out.
        while (call.Tally.GeneratedBytes + (options.ExtendTokens / 2) > call.Held.OutputTokens)
        {
            if (await MoreAsync().ConfigureAwait(false) is not { } granted)
                return call.Tally.GeneratedBytes <= call.Held.OutputTokens;
            call.Extend(granted);
            settler.Note(call.Worst());
        }
        return true;
    }

    private async ValueTask<Held?> MoreAsync()
    {
        try
        {
            return await gate.ExtendAsync(call.Held, options.ExtendTokens).ConfigureAwait(false);
        }
        catch (GateClosedException)
        {
            return null;
        }
    }

    /// <summary>A reservation that expires is charged in full until its commit comes, so this only spares the customer that; its failure costs nobody.</summary>
    private async Task ExtendTimeAsync()
    {
        try
        {
            await gate.ExtendAsync(call.Held, moreOutputTokens: 0).ConfigureAwait(false);
        }
        catch (GateClosedException)
        {
            // Told in the log by the gate.
        }
    }

    private async ValueTask<StreamEnd> EndAsync(EventSplitter splitter, bool inOrder)
    {
        if (inOrder && !splitter.HasGivenUp && !splitter.Rest.IsEmpty && Read(splitter.Rest.Span) == EventFate.Pass && call.Request.HidesUsage)
            await PassAsync(splitter.Rest).ConfigureAwait(false);
        if (inOrder)
            return call.Tally.HasFailed && !call.Tally.IsFinal ? StreamEnd.Cut : StreamEnd.Whole;
        return patience.HasCustomerLeft ? StreamEnd.Left : StreamEnd.Cut;
    }

    private async ValueTask<StreamEnd> RefuseAsync()
    {
        await PassAsync(Encoding.UTF8.GetBytes(call.Tally.Ending())).ConfigureAwait(false);
        return StreamEnd.Refused;
    }
}
