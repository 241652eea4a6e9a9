
namespace Enforcer.Ledger.Tests.Parts;

/// <summary>The table of open reservations against a dictionary, through growth to 12,000 and back, seen through an account.</summary>
public sealed class ReservationTableProperties
{
    [Theory]
    [InlineData(1, 40, 400)]
    [InlineData(2, 300, 3_000)]
    [InlineData(3, 12_000, 40_000)]
    public void It_finds_by_id_and_ends_in_order(int seed, int most, int steps)
    {
        var random = new Random(seed);
        var world = new TableWorld(most);
        for (var step = 0; step < steps; step++)
        {
            // Grows in the first half, shrinks in the second.
            var isGrowing = step < steps / 2 ? random.Next(10) < 8 : random.Next(10) < 2;
            if (isGrowing && world.Count < most) world.Reserve(random.Next(1, 60_000));
            else if (world.Count > 0 && random.Next(4) == 0) world.Extend(random.Next(), random.Next(1, 90_000));
            else if (world.Count > 0) world.End(random.Next());
            if (step % 200 == 0) world.Compare();
        }
        world.Compare();
        world.ExpireAll();
    }
}
