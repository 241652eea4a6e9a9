namespace Enforcer.Grpc.Tests;

/// <summary>Python with grpcio.</summary>
public sealed class PythonServerTests() : ForeignServerTests("python");
