using System.Runtime.CompilerServices;

namespace Enforcer.Pricing.Tests.Importing;

/// <summary>Where LiteLLM's real price file is: what ENFORCER_LITELLM_PRICES says, or the shared folder beside the clone.</summary>
internal static class PriceFile
{
    public static byte[] Read()
    {
        var path = Environment.GetEnvironmentVariable("ENFORCER_LITELLM_PRICES") ?? Beside();
        Assert.True(File.Exists(path), $"{path} is missing: set ENFORCER_LITELLM_PRICES to a copy of LiteLLM's model_prices_and_context_window.json.");
        return File.ReadAllBytes(path);
    }

    private static string Beside([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../../shared/data/litellm_model_prices.json"));
}
