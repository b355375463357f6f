"""The stack as it is written, for tests: what terraform/*.tf says, without running Terraform."""

import re
from functools import cache
from typing import Any

import hcl2

from tests.running import ROOT

STACK = ROOT / "terraform"


def plain(value: Any) -> Any:
    """A parsed value without the quotes of HCL and without what only tells its form."""
    if isinstance(value, dict):
        marks = ("__is_block__", "__comments__", "__inline_comments__")
        return {plain(key): plain(inner) for key, inner in value.items() if key not in marks}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, str) and re.fullmatch(r'".*"', value, re.S):
        return value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return value


@cache
def local_values() -> dict[str, Any]:
    """Every local value, by name; what is no literal stays an expression, `${…}`."""
    found: dict[str, Any] = {}
    for path in STACK.glob("*.tf"):
        with path.open() as file:
            for block in hcl2.load(file).get("locals", []):
                found |= plain(block)
    return found


@cache
def resource(kind: str, name: str) -> dict[str, Any]:
    """The body of one resource."""
    for path in STACK.glob("*.tf"):
        with path.open() as file:
            for block in plain(hcl2.load(file).get("resource", [])):
                if name in block.get(kind, {}):
                    body: dict[str, Any] = block[kind][name]
                    return body
    raise KeyError(f"{kind}.{name}")


def block(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """The one block inside blocks inside a resource."""
    for name in names:
        (body,) = body[name]
    return body
