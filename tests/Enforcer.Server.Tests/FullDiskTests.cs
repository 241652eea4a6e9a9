using System.Collections.Concurrent;
using System.Net;
using Enforcer.Client;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>
/// <c>enforcer serve</c> on a file system that really is full: commands are unavailable and change nothing, health is red, and when there is
/// room again all of it passes by itself. Mounting the file system needs root.
/// </summary>
[Trait("needs", "foreign")]
public sealed class FullDiskTests : IAsyncLifetime, IDisposable
{
    private const int Edges = 16;
    private const long Left = 512 << 10;
    private SmallDisk _disk = null!;
    private EnforcerProcess _serve = null!;
    private EnforcerOperator _operator = null!;
    private HttpClient _http = null!;
    private GrpcChannel _edge = null!;

    private string Data => Path.Combine(_disk.Folder, "data");

    public async Task InitializeAsync()
    {
        _disk = await SmallDisk.MountAsync(megabytes: 16);
        _serve = new EnforcerProcess("serve", "--data", Data, "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0");
        var grpc = "http://" + await _serve.AfterAsync("  gRPC  ");
        var http = await _serve.AfterAsync("  HTTP  ");
        var admin = "enf_admin_" + await _serve.AfterAsync("enf_admin_");
        _http = new HttpClient { BaseAddress = new Uri(http[..http.IndexOf(' ', StringComparison.Ordinal)]) };
        _operator = new EnforcerOperator(new EnforcerClientOptions { Endpoints = [grpc], Token = admin, Timeout = Patience.Limit });
        var token = (await _operator.CreateTokenAsync(new CreateTokenRequest { Role = Role.Edge })).Secret;
        _edge = new GrpcChannel(new Uri(grpc), new GrpcChannelOptions { Headers = new GrpcMetadata { { "authorization", "Bearer " + token } } });
    }

    public void Dispose()
    {
        _edge.Dispose();
        _operator.Dispose();
        _http.Dispose();
    }

    public async Task DisposeAsync()
    {
        await _serve.DisposeAsync();
        await _disk.DisposeAsync();
    }

    [Fact]
    public async Task What_was_answered_is_there_and_what_was_not_can_be_repeated()
    {
        var key = (await _operator.CreateKeyAsync(new CreateKeyRequest { Limits = Caps.Life(1_000_000_000) })).Key;
        _disk.FillBut(Left);
        var granted = new ConcurrentBag<ReserveRequest>();
        var unanswered = new ConcurrentBag<ReserveRequest>();
        using var isRed = new CancellationTokenSource();
        var edges = Enumerable.Range(0, Edges).Select(_ => ReserveUntilAsync(key.Account, granted, unanswered, isRed.Token)).ToArray();
        // Red is told while writes fail, and only then: a small write may find room again where a larger one did not. So calls go on until it was seen.
        await UntilRedIsToldAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/livez"));
        await isRed.CancelAsync();
        await Task.WhenAll(edges);
        Assert.NotEmpty(unanswered);
        Assert.NotEmpty(granted);

        _disk.Free();
        await UntilReadyIsAsync(HttpStatusCode.OK);
        var view = await _operator.GetAccountAsync(new GetAccountRequest { Account = key.Account });
        Assert.InRange(view.HeldNanos, granted.Count, granted.Count + unanswered.Count);
        foreach (var reserve in unanswered) Assert.Equal(Refusal.Granted, await ReserveAsync(reserve));
        foreach (var reserve in granted.Take(100)) Assert.Equal(Refusal.Granted, await ReserveAsync(reserve));
        view = await _operator.GetAccountAsync(new GetAccountRequest { Account = key.Account });
        Assert.Equal((granted.Count + unanswered.Count, granted.Count + unanswered.Count), (view.HeldNanos, view.OpenReservations));

        Assert.Equal(0, await _serve.TerminateAsync());
        Assert.Contains("Ready again.", _serve.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Enforcer.Server", _serve.Out, StringComparison.Ordinal);
        await using var verify = new EnforcerProcess("verify", "--data", Data);
        Assert.True(await verify.EndAsync() == 0, verify.Error);
    }

    [Fact]
    public async Task The_directory_loses_nothing_either()
    {
        var made = new HashSet<string>();
        _disk.FillBut(0);
        var failure = await Assert.ThrowsAsync<EnforcerException>(async () =>
        {
            while (made.Count < 10_000)
                made.Add((await _operator.CreateTokenAsync(new CreateTokenRequest { Role = Role.Viewer, Label = "made" })).Token.TokenId);
        });
        Assert.Equal(GrpcStatus.Unavailable, failure.Code);

        _disk.Free();
        made.Add((await _operator.CreateTokenAsync(new CreateTokenRequest { Role = Role.Viewer, Label = "made" })).Token.TokenId);
        var listed = (await _operator.ListTokensAsync(new ListTokensRequest())).Tokens;
        Assert.Equal(made, listed.Where(token => token.Label == "made").Select(token => token.TokenId).ToHashSet());
    }

    private async Task ReserveUntilAsync(string account, ConcurrentBag<ReserveRequest> granted, ConcurrentBag<ReserveRequest> unanswered, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var reserve = EdgeCalls.ReserveOf(EdgeCalls.Id(account), 1);
            if (await ReserveAsync(reserve) == Refusal.Unavailable)
            {
                unanswered.Add(reserve);
                await Task.Delay(10, CancellationToken.None);
            }
            else
            {
                granted.Add(reserve);
            }
        }
    }

    private async Task<Refusal> ReserveAsync(ReserveRequest reserve)
    {
        try
        {
            return (await _edge.UnaryAsync(EdgeCalls.Reserve, reserve)).Refusal;
        }
        catch (GrpcStatusException refused) when (refused.Code == GrpcStatus.Unavailable)
        {
            return Refusal.Unavailable;
        }
    }

    /// <summary>On the wire and in the log, which looks ten times a second.</summary>
    private async Task UntilRedIsToldAsync()
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (await StatusAsync("/readyz") != HttpStatusCode.ServiceUnavailable) await Task.Delay(5, patience.Token);
        while (!_serve.Error.Contains("Not ready: ", StringComparison.Ordinal)) await Task.Delay(20, patience.Token);
    }

    private async Task UntilReadyIsAsync(HttpStatusCode wanted)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (await StatusAsync("/readyz") != wanted) await Task.Delay(20, patience.Token);
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }
}
