namespace Enforcer.Access;

/// <summary>What a secret is for; its second part says so: <c>enf_live_…</c>, <c>enf_edge_…</c> and so on.</summary>
public enum CredentialKind
{
    /// <summary>A customer's key, <c>enf_live_…</c>: names the account that pays.</summary>
    Key,

    /// <summary>A token with the role edge, <c>enf_edge_…</c>.</summary>
    EdgeToken,

    /// <summary>A token with the role viewer, <c>enf_view_…</c>.</summary>
    ViewerToken,

    /// <summary>A token with the role operator, <c>enf_oper_…</c>.</summary>
    OperatorToken,

    /// <summary>A token with the role admin, <c>enf_admin_…</c>.</summary>
    AdminToken,
}
