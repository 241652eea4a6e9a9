using System.Diagnostics.Metrics;
using Enforcer.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the client to an application.</summary>
public static class EnforcerClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IEnforcerClient"/> (and <see cref="EnforcerClient"/>) as one client for the whole application. The options
    /// are checked when it starts.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets at least <see cref="EnforcerClientOptions.Token"/>.</param>
    public static IServiceCollection AddEnforcerClient(this IServiceCollection services, Action<EnforcerClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<EnforcerClientOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EnforcerClientOptions>, EnforcerClientOptionsValidator>());
        services.TryAddSingleton(provider => new EnforcerClient(
            provider.GetRequiredService<IOptions<EnforcerClientOptions>>().Value,
            provider.GetService<ILoggerFactory>(),
            provider.GetService<IMeterFactory>()));
        services.TryAddSingleton<IEnforcerClient>(provider => provider.GetRequiredService<EnforcerClient>());
        return services;
    }
}
