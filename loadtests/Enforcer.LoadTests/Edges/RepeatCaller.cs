using System.Buffers;
using Enforcer.Grpc;
using Enforcer.LoadTests.Audit;
using Enforcer.Protocol.V1;

namespace Enforcer.LoadTests.Edges;

/// <summary>Sends commands a second time, in batches on one session, and compares their answers with the first ones.</summary>
internal sealed class RepeatCaller(GrpcChannel channel, byte[][] accountNames)
{
    private const int BatchSize = 256;
    private const int MostRounds = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly CommandEncoder _encoder = new(accountNames);
    private readonly List<Answer> _unanswered = [];

    /// <summary>
    /// Counts those that are answered differently. A command that the server cannot answer now is asked for again; if that goes on for ever, it counts.
    /// </summary>
    public async Task<int> CountDifferentAsync(IReadOnlyList<Answer> first, CancellationToken cancellation)
    {
        var different = 0;
        for (var round = 0; first.Count > 0 && round < MostRounds; round++)
        {
            if (round > 0)
                await Task.Delay(Pause, cancellation).ConfigureAwait(false);
            different += await AskAsync(first, cancellation).ConfigureAwait(false);
            first = [.. _unanswered];
            _unanswered.Clear();
        }

        return different + first.Count;
    }

    private async Task<int> AskAsync(IReadOnlyList<Answer> first, CancellationToken cancellation)
    {
        using var call = channel.Duplex(EdgeChannel.Session, new GrpcCallOptions { CancellationToken = cancellation });
        var different = 0;
        foreach (var batch in first.Chunk(BatchSize))
        {
            await SendAsync(call, batch).ConfigureAwait(false);
            for (var answered = 0; answered < batch.Length;)
            {
                if (!await call.Reader.WaitToReadAsync().ConfigureAwait(false))
                    throw new IOException("the server ended the session while commands were repeated");
                answered += Compare(call.Reader, batch, ref different);
            }
        }

        return different;
    }

    private ValueTask SendAsync(GrpcDuplexCall<CommandBatch, OutcomeBatch> call, Answer[] batch)
    {
        _encoder.Clear();
        for (var i = 0; i < batch.Length; i++)
        {
            var answer = batch[i];
            _encoder.Add(i, new EdgeCommand((EdgeVerb)answer.Verb, answer.Id, answer.ReservationId, answer.Account, answer.AmountNanos, 0, 0));
        }

        call.Writer.WriteFrame(_encoder.Length, _encoder, static (payload, encoder) =>
        {
            encoder.Written.CopyTo(payload);
            return encoder.Length;
        });
        return call.Writer.FlushAsync();
    }

    private int Compare(GrpcStreamReader<OutcomeBatch> reader, Answer[] batch, ref int different)
    {
        var answered = 0;
        while (reader.TryReadFrame(out var payload))
        {
            var outcomes = new OutcomeDecoder(payload.ToArray());
            for (; outcomes.TryNext(out var again); answered++)
            {
                var answer = batch[again.Number];
                if (again.IsRetry)
                    _unanswered.Add(answer);
                else if (!again.IsGranted || again.Seq != answer.Seq || again.ChargedNanos != answer.ChargedNanos || again.HeldNanos != answer.HeldNanos)
                    different++;
            }
        }

        return answered;
    }
}
