namespace Enforcer.Access.Tests;

public sealed class RefusalRecorderTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_flood_writes_a_bounded_number_of_lines_and_tells_what_it_left_out()
    {
        using var directory = new MemoryDirectory(new DirectoryOptions());
        var time = new ManualTime();
        var recorder = new RefusalRecorder(directory.Audit, time);
        for (var i = 0; i < 10_000; i++)
            await RefuseAsync(recorder);

        Assert.Equal(RefusalRecorder.Burst, await LinesAsync(directory));
        time.Move(TimeSpan.FromMilliseconds(RefusalRecorder.MsPerLine));
        await RefuseAsync(recorder);
        await RefuseAsync(recorder);
        Assert.Equal(RefusalRecorder.Burst + 1, await LinesAsync(directory));
        var newest = (await directory.Audit.QueryAsync(null, 0, 1, None))[0];
        Assert.Equal("127.0.0.1 (9970 refusals before this one were left out)", newest.Note.Detail);
        Assert.Equal(AuditKind.Refusal, newest.Note.Kind);
    }

    [Fact]
    public async Task A_clock_that_jumps_back_does_not_silence_it()
    {
        using var directory = new MemoryDirectory(new DirectoryOptions());
        var time = new ManualTime();
        var recorder = new RefusalRecorder(directory.Audit, time);
        for (var i = 0; i < 100; i++)
            await RefuseAsync(recorder);
        time.Move(TimeSpan.FromDays(-1));
        await RefuseAsync(recorder);
        time.Move(TimeSpan.FromMilliseconds(RefusalRecorder.MsPerLine));
        await RefuseAsync(recorder);

        Assert.Equal(RefusalRecorder.Burst + 1, await LinesAsync(directory));
    }

    [Fact]
    public void Long_and_unprintable_parts_are_cut_and_replaced()
    {
        var note = new AuditNote(AuditKind.Refusal, 1, "", "refused.token", "a\r\nb", new string('x', 1_000));

        Assert.Equal("a??b", note.Subject);
        Assert.Equal(AuditNote.MaxChars, note.Detail.Length);
    }

    private static ValueTask RefuseAsync(RefusalRecorder recorder) =>
        recorder.RecordAsync(AuditActions.Unauthenticated, "", "Edge/Reserve", "127.0.0.1", None);

    private static async Task<int> LinesAsync(MemoryDirectory directory) =>
        (await directory.Audit.QueryAsync(null, 0, 1_000, None)).Count;
}
