using System.Diagnostics;
using Enforcer.Simulation.Running;

var thread = new Thread(() =>
{
    var watch = Stopwatch.StartNew();
    long ticks = 0, events = 0, answers = 0, entries = 0;
    var from = ulong.Parse(args[0]); var count = ulong.Parse(args[1]);
    for (var seed = from; seed < from + count; seed++)
    {
        var result = Scenario.Run(seed, null, args.Length > 2 ? Console.Out : null);
        ticks += result.Ticks; events += result.Events; answers += result.Answers; entries += result.Entries;
        if (result.Violation is { } v) { Console.WriteLine($"seed {seed}: {v}"); if (args.Length > 3) break; }
    }
    Console.WriteLine($"{count} seeds in {watch.Elapsed.TotalSeconds:0.0} s, {ticks / 1e7 / watch.Elapsed.TotalSeconds:0} sim s/s, {events / (long)count} events, {answers / (long)count} answers, {entries/(long)count} entries a seed");
}, 64 << 20);
thread.Start();
thread.Join();
