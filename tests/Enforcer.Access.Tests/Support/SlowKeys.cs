namespace Enforcer.Access.Tests;

/// <summary>Stops between reading a key and answering, the first time.</summary>
internal sealed class SlowKeys(IKeyDirectory inner) : ForwardingKeys(inner)
{
    public TaskCompletionSource HasRead { get; } = new();

    public TaskCompletionSource MayAnswer { get; } = new();

    public override async ValueTask<KeyRecord?> FindAsync(CredentialHash hash, CancellationToken cancellation)
    {
        var key = await base.FindAsync(hash, cancellation);
        HasRead.TrySetResult();
        await MayAnswer.Task;
        return key;
    }
}
