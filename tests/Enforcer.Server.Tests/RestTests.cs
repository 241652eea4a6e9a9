using System.Net;
using System.Text;
using System.Text.Json;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>What operators reach over HTTP: the same methods as on gRPC, health and metrics.</summary>
public sealed class RestTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Limits = """{"spend":[{"window":"LIFE","cap_nanos":"5000"}]}""";
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Account_and_key_are_made_and_limits_set()
    {
        var account = await SendAsync(HttpMethod.Post, "/v1/accounts", $$"""{"account":"rest-1","unit":"EUR","limits":{{Limits}}}""");
        Assert.Equal(("rest-1", "EUR", "ACTIVE"), (Text(account, "account"), Text(account, "unit"), Text(account, "status")));

        var key = await SendAsync(HttpMethod.Post, "/v1/keys", """{"account":"rest-1","label":"phone"}""");
        Assert.StartsWith("enf_live_", Text(key, "secret"), StringComparison.Ordinal);

        var changed = await SendAsync(HttpMethod.Put, "/v1/accounts/rest-1/limits",
            """{"limits":{"spend":[{"window":"DAY","cap_nanos":"900","zone":"Europe/Berlin"}],"concurrency":"3"},"reason":"less"}""");
        Assert.Equal("GRANTED", Text(changed.GetProperty("outcome"), "refusal"));
        var read = await SendAsync(HttpMethod.Get, "/v1/accounts/rest-1");
        Assert.Equal("900", Text(read.GetProperty("spend_limits")[0].GetProperty("limit"), "cap_nanos"));
        Assert.Equal("3", Text(read, "concurrency"));

        await using var reservation = await _server.Client.ReserveAsync(Text(key, "secret"), 901);
        Assert.Equal(Refusal.ExceedsSpendCap, reservation.Refusal!.Reason);
    }

    [Fact]
    public async Task Ledger_comes_as_json_lines_and_csv()
    {
        var key = await _server.CreateKeyAsync();
        await using (var reservation = await _server.Client.ReserveAsync(key.Secret, 90, new() { Tag = "=1+1,\"x\"" })) await reservation.CommitAsync(60);
        var path = $"/v1/accounts/{key.Key.Account}/ledger";

        var json = await SendAsync(HttpMethod.Get, path);
        Assert.Equal(["RESERVATION_COMMITTED", "RESERVATION_MADE", "LIMITS_SET", "ACCOUNT_OPENED"], json.EnumerateArray().Select(entry => Text(entry, "kind")));
        Assert.True(Guid.TryParse(Text(json[0], "reservation_id"), out _));

        var lines = (await GetAsync(path + "?kinds=RESERVATION_COMMITTED", "application/x-ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("60", Text(JsonDocument.Parse(Assert.Single(lines)).RootElement, "committed_change_nanos"));

        var rows = (await GetAsync(path + "?ascending=true", "text/csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, rows.Length);
        Assert.StartsWith("account,seq,at_ms,kind,operation_id,", rows[0], StringComparison.Ordinal);
        Assert.Contains(",\"'=1+1,\"\"x\"\"\",", rows[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/v1/accounts", "{\"account\":\"a b\"}", 400, "account")]
    [InlineData("POST", "/v1/accounts", "{nonsense", 400, "body")]
    [InlineData("POST", "/v1/accounts", "[1]", 400, "body")]
    [InlineData("POST", "/v1/accounts", "{\"limits\":{\"spend\":[{\"window\":\"CENTURY\"}]}}", 400, "body")]
    [InlineData("POST", "/v1/accounts", "{\"operation_id\":\"xyz\"}", 400, "operation_id")]
    [InlineData("GET", "/v1/accounts?page_size=x", null, 400, "page_size")]
    [InlineData("GET", "/v1/accounts?color=red", null, 400, "color")]
    [InlineData("GET", "/v1/accounts/nobody", null, 404, null)]
    [InlineData("GET", "/v1/accounts/nobody/ledger", null, 404, null)]
    [InlineData("GET", "/v1/keys/key_nothing", null, 404, null)]
    [InlineData("GET", "/v1/nothing", null, 404, null)]
    [InlineData("DELETE", "/v1/accounts/nobody", null, 405, null)]
    public async Task Problem_is_told_as_problem_json(string verb, string path, string? body, int status, string? field)
    {
        using var response = await RequestAsync(new HttpMethod(verb), path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", Text(problem, "detail"));
        Assert.Equal(field, problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task Body_over_the_bound_is_413_and_the_connection_lives_on()
    {
        using var response = await RequestAsync(HttpMethod.Post, "/v1/accounts", new string(' ', 70_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("alive\n", await _server.Http.GetStringAsync("/livez"));
    }

    [Fact]
    public async Task Strangers_and_edges_are_turned_away()
    {
        using var http = new HttpClient { BaseAddress = _server.Server.Http };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/v1/accounts")).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", _server.EdgeToken);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync("/v1/tokens")).StatusCode);
    }

    [Fact]
    public async Task OpenApi_lists_every_method_of_the_operator_service()
    {
        var document = JsonDocument.Parse(await _server.Http.GetStringAsync("/openapi/v1.json")).RootElement;
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Where(operation => operation.Value.TryGetProperty("summary", out _)).Select(operation => Text(operation.Value, "summary"));
        Assert.Equal(OperatorReflection.Descriptor.Services[0].Methods.Select(method => method.Name).Order(), described.Order());
    }

    [Fact]
    public async Task Health_and_metrics_are_open_to_all()
    {
        var key = await _server.CreateKeyAsync();
        await using (var reservation = await _server.Client.ReserveAsync(key.Secret, 1)) Assert.True(reservation.IsGranted);
        await _server.Edge.UnaryAsync(EdgeCalls.Reserve, EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 1));
        using var http = new HttpClient { BaseAddress = _server.Server.Http };
        Assert.Equal("alive\n", await http.GetStringAsync("/livez"));
        Assert.Equal("ready\n", await http.GetStringAsync("/readyz"));
        var metrics = await http.GetStringAsync("/metrics");
        Assert.Matches("(?m)^enforcer_commands_total\\{[^}]*reserve[^}]*granted[^}]*\\} [1-9]", metrics);
        Assert.Matches("(?m)^enforcer_journal_ready 1", metrics);
        Assert.Matches("(?m)^enforcer_call_duration_seconds_count\\{method=\"Reserve\"\\} [1-9]", metrics);
        Assert.Matches("(?m)^enforcer_call_duration_seconds_count\\{method=\"Session\"\\} [1-9]", metrics);
        Assert.Matches("(?m)^dotnet_gc_pause_seconds_total [0-9]", metrics);
    }

    private async Task<JsonElement> SendAsync(HttpMethod verb, string path, string? body = null)
    {
        using var response = await RequestAsync(verb, path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<string> GetAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "accept", accept } } };
        using var response = await _server.Http.SendAsync(request);
        Assert.Equal(accept, response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> RequestAsync(HttpMethod verb, string path, string? body)
    {
        using var request = new HttpRequestMessage(verb, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _server.Http.SendAsync(request);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
