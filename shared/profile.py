"""A shopper's profile and the pure changes to it. Imports msgspec and the standard library only.

A profile is bounded: the oldest likes, dislikes and shown items are forgotten first. Of a token only
its SHA-256 is kept; the token itself is ``<user_id>.<43 characters>``, so that it finds its profile in
one read.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Annotated

import msgspec

from shared.errors import FormatError

FORMAT = 1
TASTES = 500  # likes and dislikes together
SHOWN = 1000
LATELY = 2 * 60 * 60  # seconds for which an item that was shown sinks
SHOWINGS = 16  # times of one item that are kept; more would sink it no further that anyone could tell
TOKENS = 64  # tokens of one profile that stay valid: each repeat of one registration makes another

Hash = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]

Price = Annotated[float, msgspec.Meta(ge=0, le=1e12)]
Words = Annotated[
    tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=100)], ...], msgspec.Meta(max_length=100)
]


class Preferences(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the shopper always wants in the profile's department, unless a request's filters say otherwise.

    ``max_price`` is in the shop's currency. An empty list of ``sizes`` or ``categories`` asks for nothing.
    """

    max_price: Price | None = None
    sizes: Words = ()
    categories: Words = ()


class Taste(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One item liked or disliked."""

    department: str
    item_id: str
    liked: bool


class Shown(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One item this shopper was shown. ``at``: when, in seconds since 1970 UTC, oldest first; only what was
    recent when the item was last remembered, and nothing in profiles from before times were kept."""

    department: str
    item_id: str
    at: tuple[int, ...] = ()


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One shopper. ``tastes`` and ``shown`` are ordered from the oldest to the newest, each item once.

    ``registration`` is the SHA-256 of the request that began the profile, so that the same
    Idempotency-Key with another request is noticed; empty once the token was rotated, when that key gives
    no more tokens. ``token_hashes`` are the oldest first. ``rotation`` is ``rotation_hash`` of the last
    rotation that may be repeated.
    """

    format: Annotated[int, msgspec.Meta(ge=FORMAT, le=FORMAT)] = FORMAT
    user_id: str
    department: str
    token_hashes: tuple[Hash, ...] = ()
    registration: str = ""
    rotation: str = ""
    preferences: Preferences = Preferences()
    tastes: tuple[Taste, ...] = ()
    shown: tuple[Shown, ...] = ()

    def likes(self, department: str) -> tuple[str, ...]:
        """Ids of the items liked in a department, oldest first."""
        return tuple(t.item_id for t in self.tastes if t.liked and t.department == department)

    def dislikes(self, department: str) -> tuple[str, ...]:
        """Ids of the items disliked in a department, oldest first."""
        return tuple(t.item_id for t in self.tastes if not t.liked and t.department == department)

    def shown_in(self, department: str) -> tuple[str, ...]:
        """Ids of the items shown in a department, oldest first."""
        return tuple(s.item_id for s in self.shown if s.department == department)

    def with_tastes(
        self,
        department: str,
        likes: Iterable[str] = (),
        dislikes: Iterable[str] = (),
        undo: Iterable[str] = (),
    ) -> "Profile":
        """The profile with what it said of the items of ``undo`` taken back, then likes and then dislikes
        added; the latest word on an item counts."""
        named = [Taste(department, item_id, True) for item_id in likes]
        named += [Taste(department, item_id, False) for item_id in dislikes]
        latest = {(taste.department, taste.item_id): taste for taste in self.tastes}
        for item_id in undo:
            latest.pop((department, item_id), None)
        for taste in named:
            latest.pop((taste.department, taste.item_id), None)
            latest[taste.department, taste.item_id] = taste
        return msgspec.structs.replace(self, tastes=tuple(latest.values())[-TASTES:])

    def shown_lately(self, department: str, now: int) -> dict[str, tuple[int, ...]]:
        """When each item of a department was shown in the two hours before ``now``, if it was."""
        timed = (shown for shown in self.shown if shown.at and shown.department == department)
        return {shown.item_id: at for shown in timed if (at := _lately(shown.at, now))}

    def with_shown(self, department: str, item_ids: Iterable[str], now: int) -> "Profile":
        """The profile with items remembered as shown at ``now``, in seconds since 1970 UTC; one shown again
        becomes the newest. Times that are two hours old are forgotten."""
        again = dict.fromkeys(item_ids)
        before: dict[str, tuple[int, ...]] = {}
        kept = []
        for shown in self.shown:
            if (at := _lately(shown.at, now)) is not shown.at:
                shown = Shown(shown.department, shown.item_id, at)
            if shown.item_id in again and shown.department == department:
                before[shown.item_id] = at
            else:
                kept.append(shown)
        newest = [Shown(department, each, (*before.get(each, ()), now)[-SHOWINGS:]) for each in again]
        return msgspec.structs.replace(self, shown=tuple(kept + newest)[-SHOWN:])

    def within(self, limit: int) -> "Profile":
        """The profile in at most ``limit`` bytes of JSON: what it lacks is its oldest history, what was shown
        before what was liked and disliked. Only ids of hundreds of rare characters make it that large."""
        profile = self
        while len(write_profile(profile)) > limit and (profile.shown or profile.tastes):
            if profile.shown:
                profile = msgspec.structs.replace(profile, shown=profile.shown[len(profile.shown) // 2 + 1 :])
            else:
                kept = profile.tastes[len(profile.tastes) // 2 + 1 :]
                profile = msgspec.structs.replace(profile, tastes=kept)
        return profile

    def with_token(self, token: str) -> "Profile":
        """The profile with one more token; only the newest ``TOKENS`` stay valid."""
        hashes = (*(known for known in self.token_hashes if known != token_hash(token)), token_hash(token))
        return msgspec.structs.replace(self, token_hashes=hashes[-TOKENS:])

    def with_only_token(self, token: str, rotation: str) -> "Profile":
        """The profile with this token and no other, also none that repeats of its registration give."""
        hashes = (token_hash(token),)
        return msgspec.structs.replace(self, token_hashes=hashes, registration="", rotation=rotation)

    def was_rotated_by(self, rotation: str) -> bool:
        """Whether the last rotation is this one; takes the same time whatever it differs in."""
        return bool(rotation) and hmac.compare_digest(rotation, self.rotation)

    def accepts(self, token: str) -> bool:
        """Whether the token is one of this profile's; takes the same time whatever it differs in."""
        given = token_hash(token)
        accepted = False
        for known in self.token_hashes:
            accepted |= hmac.compare_digest(given, known)
        return accepted


def _lately(at: tuple[int, ...], now: int) -> tuple[int, ...]:
    """Those times that are not two hours old; ``at`` itself if none is."""
    if not at or now - min(at) < LATELY:
        return at
    return tuple(then for then in at if now - then < LATELY)


def new_user_id() -> str:
    """128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


def user_id_of_key(key: str) -> str:
    """The user id that an Idempotency-Key stands for: the same key, the same id."""
    return hashlib.sha256(b"idempotency-key:" + key.encode("utf-8")).hexdigest()[:32]


def new_token(user_id: str) -> str:
    """``<user_id>.<43 characters>``, the latter 256 random bits."""
    return f"{user_id}.{secrets.token_urlsafe(32)}"


def user_id_of_token(token: str) -> str | None:
    """The user id a token names, or None if the text cannot be a token."""
    user_id, point, secret = token.partition(".")
    hexadecimal = len(user_id) == 32 and set(user_id) <= set("0123456789abcdef")
    return user_id if hexadecimal and point and len(secret) == 43 and secret.isascii() else None


def token_hash(token: str) -> str:
    """SHA-256 of a token, in lower-case hex."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def rotation_hash(token: str, key: str) -> str:
    """What is kept of a rotation that may be repeated: who sent this token with this Idempotency-Key."""
    return hashlib.sha256(f"rotation:{token_hash(token)}:{key}".encode()).hexdigest()


def write_profile(profile: Profile) -> bytes:
    """The profile as JSON, for a store."""
    return msgspec.json.encode(profile)


# Made once, here: msgspec 0.22 crashes when two threads use a type for the first time at once.
_DECODER = msgspec.json.Decoder(Profile)


def read_profile(data: bytes | str) -> Profile:
    """A stored profile. Raises FormatError."""
    try:
        return _DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise FormatError(f"expected a profile of format {FORMAT}, found: {error}") from error
