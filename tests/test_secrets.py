"""Tokens and keys are nowhere but with their shopper: in no log of the served functions and in no store."""

import hashlib
import hmac
from pathlib import Path

import pytest

from shared.profile import Profile, new_token, token_hash
from tests.running import eventually, running


def test_no_secret_is_in_a_log_or_a_store(tmp_path: Path) -> None:
    secrets: list[str] = []
    with running(tmp_path / "local") as system:
        http, register, recommend = system.http, system.register, system.recommend

        def known(token: str) -> dict[str, str]:
            secrets.extend((token.partition(".")[2], token_hash(token)))
            return {"Authorization": f"Bearer {token}"}

        keys = [f"a-key-that-nobody-guesses-{number}" for number in range(2)]
        secrets += keys
        body = {"department": "womenswear", "likes": ["x"]}
        made = http.post(register, json=body, headers={"Idempotency-Key": keys[0]}).json()
        owner = known(made["token"])
        stranger = known(new_token(made["user_id"]))
        for headers in (owner, stranger, {"Authorization": f"Bearer{owner['Authorization']}"}):
            for address in (register, recommend):
                http.get(address, headers=headers)
                http.patch(address, headers=headers, json={"preferences": {"max_price": "dear"}})
                http.post(address, headers=headers, json={"token": made["token"]})
                http.post(address, headers=headers, content=made["token"])
                http.post(address, headers={**headers, "Content-Type": made["token"]}, content="{}")
                http.get(f"{address}/{made['token']}", headers=headers)
                http.get(f"{address}/a/{made['token']}", headers=headers)
                http.request("BREW", f"{address}/", params={"token": made["token"]}, headers=headers)
        rotated = http.post(f"{register}/token", headers={**owner, "Idempotency-Key": keys[1]})
        assert rotated.status_code == 200
        fresh = known(rotated.json()["token"])
        assert http.post(recommend, headers=fresh, json={}).status_code == 200
        assert http.post(recommend, headers=owner, json={}).status_code == 401
        logs = system.local / "logs"
        eventually("the last call is logged", lambda: '"status": 401' in (logs / "recommend.log").read_text())
        told = "".join(path.read_text() for path in (*logs.glob("*.log"), system.local / "serve.log"))
        assert told.count('"function": "register"') >= 20
        hashes = {secret for secret in secrets if len(secret) == 64}
        assert [secret for secret in secrets if secret in told] == []
        stored = b"".join(path.read_bytes() for path in system.local.glob("users.db*"))
        assert [secret for secret in secrets if secret.encode() in stored and secret not in hashes] == []
        assert token_hash(fresh["Authorization"].removeprefix("Bearer ")).encode() in stored
        assert http.delete(register, headers=fresh).status_code == 204


def test_a_token_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every hash a profile has is compared, whole, whichever is the right one."""
    compared: list[tuple[str, str]] = []
    compare = hmac.compare_digest

    def watch(one: str, other: str) -> bool:
        compared.append((one, other))
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", watch)
    profile = Profile(user_id="a" * 32, department="menswear")
    tokens = [new_token(profile.user_id) for _ in range(3)]
    for token in tokens:
        profile = profile.with_token(token)
    for token in (*tokens, new_token(profile.user_id)):
        compared.clear()
        assert profile.accepts(token) == (token in tokens)
        assert compared == [(token_hash(token), known) for known in profile.token_hashes]
        assert {len(known) for _, known in compared} == {len(hashlib.sha256(b"").hexdigest())}
