using Enforcer.Access;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators;

/// <summary>Tokens of edges and operators.</summary>
internal sealed class OperatorTokens(ITokenDirectory directory, TokenIssuer issuer)
{
    public async Task<V1.CreateTokenResponse> CreateAsync(V1.CreateTokenRequest request, OperatorCall call)
    {
        if (request.Role == V1.Role.Unspecified || !Enum.IsDefined(request.Role))
            throw Faults.Invalid($"role is {(int)request.Role}; give EDGE, VIEWER, OPERATOR or ADMIN.");
        if (!DirectoryRules.IsLabel(request.Label)) throw Faults.Invalid($"label is not {DirectoryRules.LabelRule}; shorten it.");
        var issued = await issuer.CreateAsync((Role)request.Role, request.Label, call.Actor, call.Cancel).ConfigureAwait(false)
            ?? throw Faults.Precondition("TOO_MANY_TOKENS", $"there are {DirectoryRules.MaxTokens} tokens, the most that are kept; share one per fleet of edges.");
        return new V1.CreateTokenResponse { Secret = issued.Credential.Reveal(), Token = Views.Of(issued.Token) };
    }

    public async Task<V1.ListTokensResponse> ListAsync(V1.ListTokensRequest request, OperatorCall call)
    {
        var response = new V1.ListTokensResponse();
        response.Tokens.AddRange((await directory.ListAsync(call.Cancel).ConfigureAwait(false)).Select(Views.Of));
        return response;
    }

    public async Task<V1.TokenView> RevokeAsync(V1.RevokeTokenRequest request, OperatorCall call)
    {
        var change = await issuer.RevokeAsync(request.TokenId, call.Actor, call.Cancel).ConfigureAwait(false);
        return change.Result switch
        {
            TokenChangeResult.Done => Views.Of(change.Token!),
            TokenChangeResult.UnknownToken => throw Faults.NotFound("token", request.TokenId, "list tokens to see which there are."),
            _ => throw Faults.Precondition("LAST_ADMIN", $"token '{request.TokenId}' is the last admin token in force; create another one first."),
        };
    }
}
