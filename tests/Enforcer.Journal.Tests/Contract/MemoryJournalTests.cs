using Enforcer.Journal.Memory;

namespace Enforcer.Journal.Tests.Contract;

public sealed class MemoryJournalTests : JournalContract
{
    private readonly MemoryJournal _journal = new();

    protected override IJournalStore NewStore() => new MemoryJournalStore(_journal);
}
