using System.Globalization;
using System.Text;

namespace Enforcer.LoadTests.Traffic;

/// <summary>The names of the accounts that load tests spend from: <c>load-0</c>, <c>load-1</c>, …</summary>
internal static class AccountNames
{
    private const string Prefix = "load-";

    public static string Of(int account) => Prefix + account.ToString(CultureInfo.InvariantCulture);

    public static byte[][] Utf8(int accounts) =>
        Enumerable.Range(0, accounts).Select(account => Encoding.ASCII.GetBytes(Of(account))).ToArray();

    /// <summary>The number in a name, or -1 for an account that is none of ours.</summary>
    public static int NumberOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;
}
