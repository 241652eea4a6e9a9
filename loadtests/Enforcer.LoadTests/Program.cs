using Enforcer.LoadTests.Rivals;
var d = TimeSpan.FromSeconds(3);
await using (var r = await RedisRival.StartAsync("always", 10_000))
    foreach (var depth in new[] { 1, 16 })
    { var x = await r.RunAsync(new CycleLoad(64, depth, 10_000, d), default); Console.WriteLine($"{r.Name} {depth} {x.PerSecond:N0} {x.CpuPerMillion:N2} p50 {x.Latency.Percentile(50)} ref {x.Refusals} {x.Cpu}"); }
await using (var r = new FileCeiling())
    { var x = await r.RunAsync(new CycleLoad(1, 1, 1, d), default); Console.WriteLine($"{r.Name} {x.PerSecond:N0} {x.CpuPerMillion:N2} {x.Latency.Percentile(50)}"); }
await using (var r = await PostgresRival.StartAsync(10_000))
    foreach (var (c, a) in new[] { (16, 10_000), (64, 10_000), (16, 1), (64, 1) })
    { var x = await r.RunAsync(new CycleLoad(c, 1, a, d), default); Console.WriteLine($"{r.Name} {c} {a} {x.PerSecond:N0} {x.CpuPerMillion:N2} ref {x.Refusals}"); }
return 0;
