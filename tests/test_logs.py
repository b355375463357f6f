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
        ({"traceparent": f"00-{'4b' * 16}-{'0a' * 8}-01"}, "4b" * 16),
        ({"X-Cloud-Trace-Context": f"{'1c' * 16}/123;o=1"}, "1c" * 16),
        ({"X-Cloud-Trace-Context": "1c" * 16}, "1c" * 16),
        (
            {"traceparent": f"00-{'4b' * 16}-{'0a' * 8}-01", "X-Cloud-Trace-Context": "1c" * 16},
            "4b" * 16,
        ),
        ({"traceparent": "nonsense", "X-Cloud-Trace-Context": "1c" * 16}, "1c" * 16),
        ({"traceparent": '"}\n{'}, None),
        ({}, None),
    ],
)
def test_finds_the_trace(headers: dict[str, str], expected: str | None) -> None:
    assert logs.trace(headers) == expected
