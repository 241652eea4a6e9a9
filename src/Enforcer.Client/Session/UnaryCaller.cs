using System.Runtime.CompilerServices;
using Enforcer.Grpc;
using Google.Protobuf;
using Polly;
using Polly.Retry;

namespace Enforcer.Client;

/// <summary>Calls that do not go through the session: repeated where that is safe, within the timeout, at the next endpoint.</summary>
internal sealed class UnaryCaller
{
    private readonly EnforcerClientOptions _options;
    private readonly Endpoints _endpoints;
    private readonly ResiliencePipeline _repeat;

    public UnaryCaller(EnforcerClientOptions options, Endpoints endpoints, ClientPorts ports)
    {
        _options = options;
        _endpoints = endpoints;
        _repeat = options.MaxRetries == 0 ? ResiliencePipeline.Empty : BuildRepeat(options, ports);
    }

    /// <param name="method">What to call.</param>
    /// <param name="request">Sent unchanged each time.</param>
    /// <param name="isRepeatable">It reads, or carries an operation id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="EnforcerException">The call failed.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, bool isRepeatable, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var deadline = new CancellationTokenSource(_options.Timeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var pipeline = isRepeatable ? _repeat : ResiliencePipeline.Empty;
        try
        {
            return await pipeline.ExecuteAsync(token => OnceAsync(method, request, token), either.Token).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The call was cancelled.", cancellationToken);
        }
        catch (Exception) when (deadline.IsCancellationRequested)
        {
            throw Failures.Late(_options.Timeout, _endpoints.Current.Address, wasSent: true, trouble: null);
        }
        catch (GrpcStatusException failure)
        {
            throw Failures.Translate(failure, _endpoints.Current.Address);
        }
    }

    /// <summary>A stream of responses, which is not repeated: the caller knows where it stood.</summary>
    /// <exception cref="EnforcerException">While enumerating: the call failed.</exception>
    public async IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var endpoint = _endpoints.Current;
        await using var responses = endpoint.Server.StreamAsync(method, request, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(responses, endpoint, cancellationToken).ConfigureAwait(false))
            yield return responses.Current;
    }

    private async ValueTask<bool> MoveNextAsync<T>(IAsyncEnumerator<T> responses, Endpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await responses.MoveNextAsync().ConfigureAwait(false);
        }
        catch (GrpcStatusException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The stream was cancelled.", cancellationToken);
        }
        catch (GrpcStatusException failure)
        {
            if (failure.Code == GrpcStatus.Unavailable)
                _endpoints.MoveOn(endpoint);
            throw Failures.Translate(failure, endpoint.Address);
        }
    }

    private async ValueTask<TResponse> OnceAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var endpoint = _endpoints.Current;
        try
        {
            return await endpoint.Server.UnaryAsync(method, request, new() { Timeout = _options.Timeout, CancellationToken = cancellationToken })
                .ConfigureAwait(false);
        }
        catch (GrpcStatusException failure) when (failure.Code == GrpcStatus.Unavailable)
        {
            _endpoints.MoveOn(endpoint);
            throw;
        }
    }

    private static ResiliencePipeline BuildRepeat(EnforcerClientOptions options, ClientPorts ports) =>
        new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<GrpcStatusException>(failure => failure.Code == GrpcStatus.Unavailable),
                MaxRetryAttempts = options.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Randomizer = () => ports.Below(int.MaxValue) / (double)int.MaxValue,
                Delay = options.Backoff,
                MaxDelay = options.MaxBackoff,
            })
            .Build();
}
