namespace Enforcer.Access.Tests;

public sealed class MemoryDirectoryTests : DirectoryContract
{
    protected override IDirectory Open(DirectoryOptions options) => new MemoryDirectory(options);
}
