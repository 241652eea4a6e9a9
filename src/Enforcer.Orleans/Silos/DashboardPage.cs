using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Dashboard;

namespace Enforcer.Orleans;

/// <summary>The cluster's dashboard, for operators: a token as in any other call, or as the password that a browser asks for.</summary>
internal static class DashboardPage
{
    private const string Basic = "Basic ";

    public static IHostBuilder AddTo(IHostBuilder builder, IPEndPoint at, Func<string?, CancellationToken, ValueTask<bool>> isOperator) =>
        builder.ConfigureWebHost(web => web
            .UseKestrel(kestrel => kestrel.Listen(at))
            .ConfigureServices(services => services.AddRouting())
            .Configure(app =>
            {
                app.Use((context, next) => AdmitAsync(context, next, isOperator));
                app.UseRouting();
                app.UseEndpoints(endpoints => endpoints.MapOrleansDashboard());
            }));

    private static async Task AdmitAsync(HttpContext context, RequestDelegate next, Func<string?, CancellationToken, ValueTask<bool>> isOperator)
    {
        if (await isOperator(BearerOf(context.Request.Headers.Authorization), context.RequestAborted).ConfigureAwait(false))
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"Enforcer: any name, and an operator's token as password\"";
    }

    private static string? BearerOf(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return authorization;
        var bytes = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[Basic.Length..].Trim(), bytes, out var length)) return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        return new AuthenticationHeaderValue("Bearer", pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..]).ToString();
    }
}
