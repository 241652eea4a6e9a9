namespace Enforcer.Client;

/// <summary>One server and the connections to it.</summary>
internal sealed record Endpoint(Uri Address, IServerPort Server);
