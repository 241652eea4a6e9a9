using System.Net;

namespace Enforcer.Grpc.Tests.Support;

/// <summary>What came back for a <see cref="RawCall"/>.</summary>
public sealed record RawAnswer(HttpStatusCode Http, string? Status, string? Message, string? AcceptEncoding, byte[] Body);
