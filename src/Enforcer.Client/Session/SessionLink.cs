using System.Buffers;
using System.Runtime.InteropServices;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>
/// A session's life on one connection: one loop writes what is queued, as much as there is in one batch and one flush; another
/// reads outcomes and completes their commands. Ends when either ends.
/// </summary>
internal sealed class SessionLink : IDisposable
{
    /// <summary>The most commands in one batch.</summary>
    public const int MaxBatch = 512;

    /// <summary>
    /// After so many batches with no other answer than UNAVAILABLE, or so many such answers to one command, another server is asked, if there is one: this one
    /// may be cut off from the node that has the account.
    /// </summary>
    public const int MostHelpless = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly ISessionStream _stream;
    private readonly bool _hasOthers;
    private readonly CommandTable _table;
    private readonly AsyncSignal _work;
    private readonly CompletionDelivery _delivery;
    private readonly ClientInstruments _instruments;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _stop;
    private readonly int[] _batch = new int[MaxBatch];
    private readonly List<NumberedOutcome> _answers = [];
    private readonly List<Completion> _completions = [];
    private int _helpless;
    private volatile bool _isConnected;
    private volatile bool _over;

    public SessionLink(
        ISessionStream stream,
        bool hasOthers,
        CommandTable table,
        AsyncSignal work,
        CompletionDelivery delivery,
        ClientInstruments instruments,
        TimeProvider clock,
        CancellationToken stop)
    {
        _stream = stream;
        _hasOthers = hasOthers;
        _table = table;
        _work = work;
        _delivery = delivery;
        _instruments = instruments;
        _clock = clock;
        _stop = stop;
    }

    /// <summary>Whether the server answered anything on this connection.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Runs until the connection ends, or the client closes.</summary>
    /// <returns>Why it ended; null if the server ended it well or the client closed it.</returns>
    public async Task<Exception?> RunAsync()
    {
        var reading = ReadAsync();
        var writing = WriteAsync();
        // Closing is not left to the writer to notice: a server that reads nothing keeps it waiting for ever.
        await ((Task)Task.WhenAny(reading, writing).WaitAsync(_stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_isConnected || !_stop.IsCancellationRequested)
        {
            // A closing client waits for the server to end the call well. And when a write fails, the reader learns why, from
            // the status of the call.
            await reading.WaitAsync(Patience, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        _over = true;
        _work.Set();
        _stream.Dispose();
        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _stop.IsCancellationRequested ? null : Failure(reading) ?? Failure(writing);
    }

    public void Dispose() => _stream.Dispose();

    private async Task WriteAsync()
    {
        // Completes with the connection. Nothing is taken before, so that what no server can have seen does not count as sent.
        await _stream.FlushAsync().ConfigureAwait(false);
        _isConnected = true;
        while (!_over)
        {
            var count = _table.TakeBatch(_batch, out var bytes);
            if (count > 0)
            {
                _stream.Write(bytes, new CommandsToWrite(_table, _batch, count),
                    static (target, batch) => batch.Table.Encode(batch.Indices.AsSpan(0, batch.Count), target));
                _table.MarkSent(_batch.AsSpan(0, count), _clock.GetTimestamp());
                _instruments.Batch(count);
                await _stream.FlushAsync().ConfigureAwait(false);
            }
            else if (_stop.IsCancellationRequested)
            {
                await _stream.CompleteAsync().ConfigureAwait(false);
                return;
            }
            else
            {
                await _work.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task ReadAsync()
    {
        while (await _stream.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_stream.TryRead(out var payload))
                Take(payload);
        }
    }

    private void Take(in ReadOnlySequence<byte> payload)
    {
        HasAnswered = true;
        if (payload.IsSingleSegment)
        {
            Decode(payload.FirstSpan);
        }
        else
        {
            var length = (int)payload.Length;
            var copy = ArrayPool<byte>.Shared.Rent(length);
            payload.CopyTo(copy);
            Decode(copy.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(copy);
        }
        _helpless = _answers.TrueForAll(static answer => answer.Outcome.Refusal == Refusal.Unavailable) ? _helpless + 1 : 0;
        var repeated = _table.Answer(CollectionsMarshal.AsSpan(_answers), _clock.GetTimestamp(), _completions, out var isStuck);
        _answers.Clear();
        _instruments.Repeated(repeated);
        _delivery.Deliver(_completions);
        if (_hasOthers && (isStuck || _helpless >= MostHelpless))
            throw new GrpcStatusException(GrpcStatus.Unavailable, "the server answers UNAVAILABLE again and again; another one is asked.");
    }

    private void Decode(ReadOnlySpan<byte> batch)
    {
        var decoder = new OutcomeDecoder(batch);
        while (decoder.TryRead(out var number, out var outcome))
            _answers.Add(new(number, outcome));
    }

    private static Exception? Failure(Task task) => task.IsFaulted ? task.Exception.InnerException : null;
}
