"""Asks the rate limit service as Envoy does: envoy_client.py SCHEMA SCENARIO ADDRESS TOKEN ACCOUNT KEY"""

import sys

import grpc
from schema import Schema, fails

SCHEMA = Schema(sys.argv[1])
ADDRESS, TOKEN, ACCOUNT, KEY = sys.argv[3:7]
LIMITS = SCHEMA.stub(grpc.insecure_channel(ADDRESS), "envoy.service.ratelimit.v3.RateLimitService")
AUTH = (("authorization", "Bearer " + TOKEN),)
OK, OVER_LIMIT = 1, 2
REQUEST = SCHEMA.message("envoy.service.ratelimit.v3.RateLimitRequest")


def ask(*descriptors, domain="llm", hits=0):
    """Each descriptor is a list of (key, value), perhaps with the hits of its own at the end."""
    request = REQUEST(domain=domain, hits_addend=hits)
    for descriptor in descriptors:
        message = request.descriptors.add()
        for entry in descriptor:
            if isinstance(entry, int):
                message.hits_addend.value = entry
            else:
                message.entries.add(key=entry[0], value=entry[1])
    return LIMITS.ShouldRateLimit(request, metadata=AUTH)


BY_KEY = [("remote_address", "10.0.0.1"), ("api_key", KEY)]
BY_ACCOUNT = [("customer", ACCOUNT)]


def requests():
    """The account has a burst of 5 requests: five pass, the sixth does not."""
    for left in range(4, -1, -1):
        answer = ask(BY_KEY)
        status = answer.statuses[0]
        assert (answer.overall_code, status.code, status.limit_remaining) == (OK, OK, left), answer
        assert (status.current_limit.requests_per_unit, status.current_limit.unit) == (1, 2), answer
    answer = ask(BY_KEY)
    assert (answer.overall_code, answer.statuses[0].code) == (OVER_LIMIT, OVER_LIMIT), answer
    headers = {header.key: header.value for header in answer.response_headers_to_add}
    assert headers["x-enforcer-refusal"] == "REQUEST_RATE" and int(headers["retry-after"]) >= 1, headers


def several():
    """Three at once take three; three more do not fit and take none, so two still pass."""
    assert ask(BY_KEY, hits=3).overall_code == OK
    assert ask(BY_KEY, hits=3).overall_code == OVER_LIMIT
    answer = ask(BY_KEY, hits=2)
    assert (answer.overall_code, answer.statuses[0].limit_remaining) == (OK, 0), answer


def tokens():
    """The account has 1,000 tokens: hits are tokens here, and a descriptor's own come before the request's."""
    answer = ask(BY_ACCOUNT + [600], hits=1)
    assert (answer.overall_code, answer.statuses[0].limit_remaining) == (OK, 400), answer
    answer = ask(BY_ACCOUNT + [600])
    assert (answer.overall_code, answer.statuses[0].limit_remaining) == (OVER_LIMIT, 400), answer
    assert ask(BY_ACCOUNT, hits=400).statuses[0].limit_remaining == 0


def looking():
    """No hits: only the question whether one would pass. Nothing is taken."""
    for _ in range(20):
        answer = ask(BY_KEY + [0])
        assert (answer.overall_code, answer.statuses[0].limit_remaining) == (OK, 5), answer


def together():
    """All pass or none is counted; descriptors that no rule is about pass."""
    stranger = [("path", "/v1/models")]
    answer = ask(stranger, BY_KEY)
    assert (answer.overall_code, [status.code for status in answer.statuses]) == (OK, [OK, OK]), answer
    answer = ask(BY_KEY, BY_ACCOUNT + [5000])
    assert (answer.overall_code, [status.code for status in answer.statuses]) == (OVER_LIMIT, [OK, OVER_LIMIT]), answer
    assert ask(BY_KEY).statuses[0].limit_remaining == 3


def money():
    """Hits in the domain "paid" cost 100 nanos each of a cap of 1,000."""
    answer = ask(BY_ACCOUNT, domain="paid", hits=9)
    assert answer.overall_code == OK, answer
    answer = ask(BY_ACCOUNT, domain="paid", hits=2)
    assert answer.overall_code == OVER_LIMIT, answer
    assert answer.response_headers_to_add[0].value == "EXCEEDS_SPEND_CAP", answer


def strangers():
    """Whom nobody knows is not let through."""
    assert ask([("api_key", "enf_live_nobody")]).overall_code == OVER_LIMIT
    assert ask([("customer", "nobody")]).overall_code == OVER_LIMIT


def malformed():
    fails(lambda: ask(BY_KEY, domain=""), grpc.StatusCode.INVALID_ARGUMENT)
    fails(lambda: ask(), grpc.StatusCode.INVALID_ARGUMENT)
    fails(lambda: ask(BY_KEY, hits=101), grpc.StatusCode.INVALID_ARGUMENT)
    fails(lambda: LIMITS.ShouldRateLimit(REQUEST(domain="llm")), grpc.StatusCode.UNAUTHENTICATED)


globals()[sys.argv[2]]()
