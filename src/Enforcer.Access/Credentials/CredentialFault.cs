namespace Enforcer.Access;

/// <summary>Why a text cannot be a secret: the first rule that it breaks.</summary>
public enum CredentialFault
{
    /// <summary>It can be one. Whether it is known only the server can tell.</summary>
    None,

    /// <summary>It does not begin with <c>enf_live_</c>, <c>enf_edge_</c>, <c>enf_view_</c>, <c>enf_oper_</c> or <c>enf_admin_</c>.</summary>
    Prefix,

    /// <summary>It is too short or too long: often a part was lost in copying.</summary>
    Length,

    /// <summary>After the prefix there is something other than letters and digits.</summary>
    Alphabet,

    /// <summary>The checksum does not fit: somewhere a character is wrong.</summary>
    Checksum,
}
