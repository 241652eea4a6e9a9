using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Enforcer.Client.Tests;

public sealed class OptionsTests
{
    public static TheoryData<Action<EnforcerClientOptions>, string> Rules => new()
    {
        { options => options.Token = "", "Token is empty" },
        { options => options.Token = "enf edge", "Token holds spaces" },
        { options => options.Endpoints = [], "Endpoints is empty" },
        { options => options.Endpoints = ["127.0.0.1:7070"], "'127.0.0.1:7070', which is not http://host:port" },
        { options => options.Endpoints = ["http://127.0.0.1:7070/v1"], "which is not http://host:port" },
        { options => options.DefaultTtl = TimeSpan.FromDays(2), "DefaultTtl is 2.00:00:00" },
        { options => options.Timeout = TimeSpan.Zero, "Timeout is 00:00:00" },
        { options => options.MaxBackoff = TimeSpan.FromMilliseconds(5), "MaxBackoff is 00:00:00.0050000" },
        { options => options.MaxInFlight = 0, "MaxInFlight is 0; it is 1 to 65536" },
        { options => options.MaxRetries = -1, "MaxRetries is -1" },
        { options => options.RetryPercent = 101, "RetryPercent is 101" },
        { options => options.OnDispose = (DisposePolicy)9, "OnDispose is 9; it is Release or Charge" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task The_application_does_not_start_with_a_bad_option(Action<EnforcerClientOptions> spoil, string problem)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Services.AddEnforcerClient(options =>
        {
            options.Token = "enf_edge_test";
            spoil(options);
        });
        using var host = builder.Build();
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("enf_edge_test", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => new EnforcerOperator(new() { MaxInFlight = 0, Endpoints = ["x"] }));
        Assert.Equal(3, failure.Failures.Count());
    }

    [Fact]
    public async Task The_application_has_one_client()
    {
        var services = new ServiceCollection();
        services.AddEnforcerClient(options => options.Token = "enf_edge_test");
        await using var provider = services.BuildServiceProvider();
        Assert.Same(provider.GetRequiredService<EnforcerClient>(), provider.GetRequiredService<IEnforcerClient>());
    }
}
