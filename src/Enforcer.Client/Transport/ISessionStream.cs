using System.Buffers;
using Enforcer.Grpc;

namespace Enforcer.Client;

/// <summary>
/// A session's two directions on one connection: batches of commands one way, batches of outcomes the other. One writes, one reads; disposing it breaks
/// both. Everything that waits throws <see cref="GrpcStatusException"/> when the connection breaks.
/// </summary>
internal interface ISessionStream : IDisposable
{
    /// <summary>Adds a batch, without sending it.</summary>
    /// <param name="maxBytes">The most that <paramref name="fill"/> will use.</param>
    /// <param name="batch">Passed to <paramref name="fill"/>.</param>
    /// <param name="fill">Writes the batch and returns its length.</param>
    void Write(int maxBytes, in CommandsToWrite batch, GrpcFrameFiller<CommandsToWrite> fill);

    /// <summary>Sends what has gathered; the first time, completes with the connection.</summary>
    ValueTask FlushAsync();

    /// <summary>Nothing more will be written; what is under way can still be answered.</summary>
    ValueTask CompleteAsync();

    /// <summary>Waits for answers; false when the server has ended the session well.</summary>
    ValueTask<bool> WaitToReadAsync();

    /// <summary>A batch of outcomes that has come, good until the next call.</summary>
    bool TryRead(out ReadOnlySequence<byte> batch);
}
