namespace Enforcer.Grpc.Tests;

/// <summary>Node with @grpc/grpc-js.</summary>
public sealed class NodeServerTests() : ForeignServerTests("node");
