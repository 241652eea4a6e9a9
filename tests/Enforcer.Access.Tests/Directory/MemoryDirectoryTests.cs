namespace Enforcer.Access.Tests;

public sealed class MemoryDirectoryTests : DirectoryContract
{
    protected override Task<IDirectory> OpenAsync(DirectoryOptions options) => Task.FromResult<IDirectory>(new MemoryDirectory(options));
}
