"""One JSON object per line, whatever is in it."""

import json

import pytest

from shared import logs


def test_a_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    logs.write("INFO", "two\nlines", function="recommend", count=3, odd="\ud800\x00ж", kind=ValueError)
    out, err = capsys.readouterr()
    assert err == ""
    assert out.endswith("\n")
    assert out.count("\n") == 1
    line = json.loads(out)
    assert line == {
        "severity": "INFO",
        "message": "two\nlines",
        "function": "recommend",
        "count": 3,
        "odd": "\ud800\x00ж",
        "kind": "<class 'ValueError'>",
    }


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"traceparent": f"00-{'4b' * 16}-{'0a' * 8}-01"}, ("4b" * 16, "0a" * 8)),
        ({"X-Cloud-Trace-Context": f"{'1c' * 16}/74;o=1"}, ("1c" * 16, "000000000000004a")),
        ({"X-Cloud-Trace-Context": f"{'1c' * 16}/{2**64 - 1}"}, ("1c" * 16, "f" * 16)),
        ({"X-Cloud-Trace-Context": f"{'1c' * 16}/{2**64}"}, ("1c" * 16, None)),
        ({"X-Cloud-Trace-Context": f"{'1c' * 16}/0"}, ("1c" * 16, None)),
        ({"X-Cloud-Trace-Context": f"{'1c' * 16}/span"}, ("1c" * 16, None)),
        ({"X-Cloud-Trace-Context": "1c" * 16}, ("1c" * 16, None)),
        (
            {"traceparent": f"00-{'4b' * 16}-{'0a' * 8}-01", "X-Cloud-Trace-Context": "1c" * 16},
            ("4b" * 16, "0a" * 8),
        ),
        ({"traceparent": "nonsense", "X-Cloud-Trace-Context": "1c" * 16}, ("1c" * 16, None)),
        ({"traceparent": '"}\n{'}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_finds_the_trace(headers: dict[str, str], expected: tuple[str | None, str | None]) -> None:
    trace, span = expected
    assert logs.about("register", headers) == {"function": "register", "trace": trace}
    linked: dict[str, object] = {"function": "register", "trace": trace}
    if trace:
        linked["logging.googleapis.com/trace"] = f"projects/my-shop/traces/{trace}"
    if span:
        linked["logging.googleapis.com/spanId"] = span
    assert logs.about("register", headers, "my-shop") == linked
