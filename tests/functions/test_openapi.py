"""``docs/openapi.yaml`` and the functions say the same; schemathesis makes requests from it, good and bad."""

import copy
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import schemathesis
import yaml
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from shared import asking, previewing, registering, styling, web, wiring
from shared.departments import DEPARTMENTS
from shared.errors import ProfileNotFound
from shared.profile import Preferences, new_token
from tests.bundles import painted
from tests.serving import served
from tests.shop import ROOT, Shop

DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]
LIKED, DISLIKED = [f"like-{n}" for n in range(4)], [f"dislike-{n}" for n in range(4)]
ITEM_ID = re.compile(SCHEMAS["ItemId"]["pattern"].replace("*", "{1,200}"))
REFUSED = [400, 401, 404, 405, 409, 413, 415]
CONFIG = {
    "seed": 1,
    "generation": {"max-examples": 20, "deterministic": True, "database": "none"},
    # what a document cannot say of a body is its length
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", 401, 404, 409, 413]},
        "negative_data_rejection": {"expected-statuses": REFUSED},
        "missing_required_header": {"expected-statuses": REFUSED},
    },
}
METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}


def resolved(value: Any) -> Any:
    """The part of the document that ``value`` refers to, or ``value`` itself."""
    while isinstance(value, dict) and "$ref" in value:
        found: Any = DOCUMENT
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = found
    return value


def operations() -> Iterable[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method in METHODS & methods.keys():
            yield method, path, methods[method]


# the document against the code


def test_the_types_of_problems_are_those_of_the_table() -> None:
    table = {
        (web.TYPE + slug, title, status) for status, slug, title in (*web.PROBLEMS.values(), web.INTERNAL)
    }
    problem = SCHEMAS["Problem"]["properties"]
    assert set(problem["type"]["enum"]) == {kind for kind, _, _ in table}
    assert set(problem["status"]["enum"]) == {status for _, _, status in table}
    told = set()
    for _, _, operation in operations():
        for status, response in operation["responses"].items():
            if int(status) < 400:
                continue
            for example in resolved(response)["content"]["application/problem+json"]["examples"].values():
                assert example["value"]["status"] == int(status)
                told.add(tuple(example["value"][name] for name in ("type", "title", "status")))
    assert told == table


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ("Registration", registering.Registration),
        ("Preferences", Preferences),
        ("Profile", registering.View),
        ("StartedProfile", registering.View),
        ("History", registering.History),
        ("Change", registering.Change),
        ("Wanted", registering.Wanted),
        ("Request", asking.Request),
        ("Filters", asking.Asked),
        ("MaxPer", asking.MaxPer),
        ("StyleRequest", styling.Asked),
        ("PreviewRequest", previewing.Trial),
        ("Knobs", previewing.Knobs),
    ],
)
def test_the_fields_are_those_of_the_structs(schema: str, kind: type[msgspec.Struct]) -> None:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    if schema == "Profile":
        del fields["token"]
    properties = SCHEMAS[schema]["properties"]
    assert list(properties) == list(fields)
    if kind in (registering.View, registering.History):
        return
    assert SCHEMAS[schema]["additionalProperties"] is False
    assert SCHEMAS[schema].get("required", []) == [name for name, field in fields.items() if field.required]
    for name, field in fields.items():
        if not field.required and field.default is not msgspec.UNSET:
            told = {**resolved(properties[name]), **properties[name]}
            assert msgspec.convert(told["default"], field.type) == field.default, name
        elif field.default is msgspec.UNSET:
            assert "default" not in properties[name]


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ("Registration", registering.Registration),
        ("Change", registering.Change),
        ("Request", asking.Request),
        ("PreviewRequest", previewing.Trial),
    ],
)
def test_the_ranges_are_those_of_the_structs(schema: str, kind: type[msgspec.Struct]) -> None:
    _, ours = msgspec.json.schema_components([kind])
    found = bounds(DOCUMENT["components"]["schemas"][schema], DOCUMENT)
    assert found == bounds(ours[kind.__name__], {"$defs": ours})


def bounds(schema: Any, document: Any, at: str = "") -> dict[str, Any]:
    """Every bound below a schema, by the path of the member it is for."""
    while "$ref" in schema:
        target = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = target
    found = {
        f"{at}.{name}": schema[name]
        for name in ("minimum", "maximum", "minLength", "maxLength", "maxItems")
        if name in schema
    }
    for name, member in schema.get("properties", {}).items():
        found |= bounds(member, document, f"{at}.{name}")
    for inner in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        found |= bounds(inner, document, at if "anyOf" in schema else f"{at}[]")
    return found


def test_every_member_has_an_example_or_is_made_of_members_that_have() -> None:
    def told(schema: dict[str, Any]) -> bool:
        found = {**resolved(schema), **schema}
        inner = [*found.get("properties", {}).values(), *found.get("oneOf", ())]
        inner += [found["items"]] if "items" in found else []
        return "example" in found or (bool(inner) and all(map(told, inner)))

    assert [name for name, schema in SCHEMAS.items() if not told(schema)] == []


# requests made from the document

FORM = SCHEMAS["PhotoForm"]["properties"]
schemathesis.openapi.format("binary", st.sampled_from([painted("red"), painted("navy", "PNG")]))
schemathesis.openapi.format("request", st.sampled_from(["{}", FORM["request"]["example"], '{"limit": 3}']))
schemathesis.openapi.format("cursor", st.nothing())


def closed(document: dict[str, Any]) -> dict[str, Any]:
    """The document without room for members it does not name, so that an untold one is a failure."""
    document = copy.deepcopy(document)
    for schema in document["components"]["schemas"].values():
        for inner in (schema, *schema.get("properties", {}).values()):
            if "properties" in inner:
                inner["additionalProperties"] = False
    return document


class Shopper:
    """What a document cannot say: tokens and ids that exist, and members that must agree with each other."""

    def get(self, case: Any, context: Any) -> str:
        """A token: of the profile in the path if there is one, or of a new one."""
        users, user_id = wiring.users(), str(case.path_parameters.get("user_id"))
        token = new_token(user_id)
        try:
            users.update(user_id, lambda profile: profile.with_token(token))
        except ProfileNotFound:
            registration = registering.Registration(department="womenswear", likes=("never",))
            return registering.start(users, registration).token or ""
        return token

    def set(self, case: Any, token: str, context: Any) -> None:
        """Send the token, and what goes with it."""
        case.headers["Authorization"] = f"Bearer {token}"
        if re.match("[0-7]", str(case.path_parameters.get("user_id"))):
            case.path_parameters["user_id"] = token.partition(".")[0]
        if ITEM_ID.fullmatch(str(case.path_parameters.get("item_id", ""))):
            case.path_parameters["item_id"] = "item-0"
        case.body = agreeing(case.body)


def agreeing(body: Any) -> Any:
    """A request to recommend with items of the shop for what could be an item's id, and prices in order."""
    if not isinstance(body, dict):
        return body
    body = dict(body)
    if body.get("photo") == FORM["photo"]["example"]:
        body["photo"] = painted("green")
    if isinstance(near := body.get("near"), str) and ITEM_ID.fullmatch(near):
        body["near"] = "item-0"
    for name, ids in (("likes", LIKED), ("dislikes", DISLIKED)):
        if isinstance(given := body.get(name), list):
            body[name] = [
                ids[len(i) % 4] if isinstance(i, str) and ITEM_ID.fullmatch(i) else i for i in given
            ]
    if isinstance(filters := body.get("filters"), dict):
        prices = [filters.get("min_price"), filters.get("max_price")]
        if all(isinstance(price, int | float) for price in prices) and prices[0] > prices[1]:
            body["filters"] = {**filters, "min_price": prices[1], "max_price": prices[0]}
    return body


def forms_only(document: dict[str, Any], only: bool) -> dict[str, Any]:
    """The document with forms as the one way to send a body, or without them.

    Everything in a form is text, so schemathesis cannot make one that is wrong.
    """
    document = copy.deepcopy(document)
    content = document["paths"]["/recommend"]["post"]["requestBody"]["content"]
    del content["application/json" if only else "multipart/form-data"]
    if only:
        document["paths"] = {"/recommend": {"post": document["paths"]["/recommend"]["post"]}}
    return document


def test_requests_from_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(tmp_path, colours=True)
    shop.open(*DEPARTMENTS)
    for department in DEPARTMENTS:
        for place, item_id in enumerate([*LIKED, *DISLIKED, *(f"item-{n}" for n in range(8))]):
            direction = [np.cos(place / 10), np.sin(place / 10), place % 3]
            told = {"price": 10.0 * place, "sizes": ["S", "M"][: place % 3]}
            shop.put(item_id, direction, department=department, predicted=("dress", place / 16), **told)
        shop.remove(LIKED[0], department)
    answers: dict[str, set[int]] = {}
    failures = []
    with shop.serving(monkeypatch) as clients, served(clients) as address:
        for forms in (False, True):
            generation = {**CONFIG["generation"], "mode": "positive" if forms else "all"}
            checks = {**CONFIG["checks"], "negative_data_rejection": {"enabled": False}}
            config = {**CONFIG, "generation": generation, "base-url": address}
            config |= {"checks": checks} if forms else {}
            schema = schemathesis.openapi.from_dict(
                forms_only(closed(DOCUMENT), forms), config=SchemathesisConfig.from_dict(config)
            )
            schema.auth(refresh_interval=None)(Shopper)
            for event in from_schema(schema).execute():
                assert not isinstance(event, events.FatalError), event.exception
                if isinstance(event, events.NonFatalError):
                    failures.append(f"{event.label}: {event.value!r}")
                elif isinstance(event, events.ScenarioFinished):
                    for node in event.recorder.cases.values():
                        if response := event.recorder.find_response(case_id=node.value.id):
                            label = f"{node.value.operation.label}{' form' if forms else ''}"
                            answers.setdefault(label, set()).add(response.status_code)
                    failures += [
                        f"{check.name}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
                        for checks in event.recorder.checks.values()
                        for check in checks
                        if check.failure_info is not None
                    ]
    assert failures == [], "\n\n".join(failures)
    for method, path, operation in operations():
        succeeded = {int(status) for status in operation["responses"] if int(status) < 300}
        assert succeeded <= answers[f"{method.upper()} {path}"]
    assert {400, 401} <= answers["POST /recommend"]
    assert 200 in answers["POST /recommend form"]
    for method in ("GET", "PATCH", "DELETE"):
        assert {401, 404} <= answers[f"{method} /register/{{user_id}}"]
