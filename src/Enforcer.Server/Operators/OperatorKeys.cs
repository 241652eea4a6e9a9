using Enforcer.Access;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators;

/// <summary>Customers' keys. A secret is in the answer that makes it and nowhere else.</summary>
internal sealed class OperatorKeys(IKeyDirectory directory, KeyIssuer issuer, OperatorAccounts accounts)
{
    private const long DefaultOverlapMs = 86_400_000;

    public async Task<V1.CreateKeyResponse> CreateAsync(V1.CreateKeyRequest request, OperatorCall call)
    {
        if (!DirectoryRules.IsLabel(request.Label)) throw Faults.Invalid($"label is not {DirectoryRules.LabelRule}; shorten it.");
        var target = await accounts.EnsureAsync(request, call).ConfigureAwait(false);
        var issued = await issuer.CreateAsync(target.Number, request.Label, call.Actor, request.Reason, call.Cancel).ConfigureAwait(false)
            ?? throw Faults.NotFound("account", target.Id, "create it first.");
        return Shown(issued);
    }

    public async Task<V1.ListKeysResponse> ListAsync(V1.ListKeysRequest request, OperatorCall call)
    {
        var size = OperatorAccounts.PageSize(request.PageSize);
        long? account = request.Account.Length == 0 ? null : (await accounts.FindAsync(request.Account, call).ConfigureAwait(false)).Number;
        var keys = await directory.ListAsync(account, request.After, size, call.Cancel).ConfigureAwait(false);
        var response = new V1.ListKeysResponse { NextAfter = keys.Count == size ? keys[^1].KeyId : "" };
        response.Keys.AddRange(keys.Select(Views.Of));
        return response;
    }

    public async Task<V1.KeyView> GetAsync(V1.GetKeyRequest request, OperatorCall call) =>
        Views.Of(await directory.GetAsync(request.KeyId, call.Cancel).ConfigureAwait(false) ?? throw Unknown(request.KeyId));

    public async Task<V1.CreateKeyResponse> RotateAsync(V1.RotateKeyRequest request, OperatorCall call)
    {
        var overlapMs = request.OverlapMs == 0 ? DefaultOverlapMs : request.OverlapMs;
        var most = (long)KeyIssuer.MaxOverlap.TotalMilliseconds;
        if (overlapMs < 1 || overlapMs > most) throw Faults.Invalid($"overlap_ms is {overlapMs}; give 1 to {most}, or 0 for {DefaultOverlapMs}.");
        var rotation = await issuer.RotateAsync(request.KeyId, TimeSpan.FromMilliseconds(overlapMs), call.Actor, call.Cancel).ConfigureAwait(false);
        return rotation.Result switch
        {
            KeyChangeResult.Done => Shown(rotation.Issued!),
            KeyChangeResult.UnknownKey => throw Unknown(request.KeyId),
            KeyChangeResult.Revoked => throw Faults.Precondition("KEY_REVOKED", $"key '{request.KeyId}' is revoked; create a new key instead."),
            _ => throw Faults.Precondition("KEY_HAS_SUCCESSOR", $"key '{request.KeyId}' was rotated before; rotate its successor {rotation.Old!.Successor}."),
        };
    }

    public async Task<V1.KeyView> RevokeAsync(V1.RevokeKeyRequest request, OperatorCall call) =>
        Views.Of(await issuer.RevokeAsync(request.KeyId, call.Actor, "", call.Cancel).ConfigureAwait(false) ?? throw Unknown(request.KeyId));

    private static V1.CreateKeyResponse Shown(IssuedKey issued) => new() { Secret = issued.Credential.Reveal(), Key = Views.Of(issued.Key) };

    private static Enforcer.Grpc.GrpcStatusException Unknown(string keyId) => Faults.NotFound("key", keyId, "list keys to see which there are.");
}
