using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Enforcer.Orleans;

/// <summary>The silo's own port.</summary>
internal sealed class SiloPort(GrainId id, Silo silo, ILoggerFactory logs, SiloAnswers answers) : GrainService(id, silo, logs), ISiloPort
{
    /// <inheritdoc/>
    public ValueTask<byte[]> ExchangeAsync(byte[] requests) => answers.AnswerAsync(requests);
}
