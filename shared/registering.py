"""The use-case of keeping a shopper's profile, from start to end. Imports neither numpy nor pyarrow."""

import hashlib
from collections.abc import Callable
from typing import Annotated

import msgspec

from shared.bodies import item_ids, one_of, shown
from shared.departments import DEPARTMENTS
from shared.errors import (
    IdempotencyConflict,
    MalformedRequest,
    NotFound,
    ProfileExists,
    ProfileNotFound,
    Unauthenticated,
)
from shared.profile import (
    Preferences,
    Price,
    Profile,
    Words,
    new_token,
    new_user_id,
    rotation_hash,
    user_id_of_key,
    user_id_of_token,
)
from shared.stages import Stages
from shared.storage.ports import Profiles

LIKES = 50  # of one request
REFUSED = "Authorization: expected a token given by register, found another one"

ItemId = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
ItemIds = Annotated[tuple[ItemId, ...], msgspec.Meta(max_length=LIKES)]


class Registration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of ``POST /register``. ``likes`` are items of the department; they are checked when used."""

    department: str
    preferences: Preferences = Preferences()
    likes: ItemIds = ()

    def __post_init__(self) -> None:
        one_of("department", self.department, DEPARTMENTS)
        item_ids("likes", self.likes)


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """New preferences. One that is left out stays as it is; null and an empty list ask for nothing."""

    max_price: Price | msgspec.UnsetType | None = msgspec.UNSET
    sizes: Words | msgspec.UnsetType | None = msgspec.UNSET
    categories: Words | msgspec.UnsetType | None = msgspec.UNSET

    def over(self, preferences: Preferences) -> Preferences:
        """The preferences with these in their place."""
        unset = msgspec.UNSET
        return Preferences(
            max_price=preferences.max_price if self.max_price is unset else self.max_price,
            sizes=preferences.sizes if self.sizes is unset else self.sizes or (),
            categories=preferences.categories if self.categories is unset else self.categories or (),
        )


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of ``PATCH /register``. ``undo`` takes back what was said of these items, then ``likes`` and
    ``dislikes`` are added; all are items of ``department``, the profile's by default, checked when used."""

    preferences: Wanted = Wanted()
    department: str | None = None
    likes: ItemIds = ()
    dislikes: ItemIds = ()
    undo: ItemIds = ()

    def __post_init__(self) -> None:
        if self.department is not None:
            one_of("department", self.department, DEPARTMENTS)
        for field in ("likes", "dislikes", "undo"):
            item_ids(field, getattr(self, field))
        if both := sorted({*self.likes} & {*self.dislikes}):
            found = ", ".join(map(shown, both))
            raise MalformedRequest(f"dislikes: expected no item that is in likes, found {found}")

    def of(self, profile: Profile) -> Profile:
        """The profile with the change."""
        department = self.department or profile.department
        rated = profile.with_tastes(department, self.likes, self.dislikes, self.undo)
        return msgspec.structs.replace(rated, preferences=self.preferences.over(profile.preferences))


class History(msgspec.Struct, frozen=True):
    """What a profile remembers of one department, oldest first."""

    likes: tuple[str, ...]
    dislikes: tuple[str, ...]
    shown: tuple[str, ...]


class View(msgspec.Struct, frozen=True, omit_defaults=True):
    """A profile as its shopper sees it; ``token`` only in the answer that made or rotated it."""

    user_id: str
    department: str
    preferences: Preferences
    likes: tuple[str, ...]
    history: dict[str, History]
    token: str | None = None


def start(
    users: Profiles, registration: Registration, key: str | None = None, stages: Stages | None = None
) -> View:
    """Begin a profile and give its first token.

    With a ``key`` (the Idempotency-Key) a repeat gives the same profile with a fresh token, never a
    second profile. Raises IdempotencyConflict if the key came with another registration before.
    """
    (stages or Stages()).begin("write")
    fingerprint = hashlib.sha256(msgspec.json.encode(registration)).hexdigest()
    user_id = new_user_id() if key is None else user_id_of_key(key)
    token = new_token(user_id)
    profile = Profile(
        user_id=user_id,
        department=registration.department,
        registration=fingerprint,
        preferences=registration.preferences,
    )
    profile = profile.with_tastes(registration.department, registration.likes).with_token(token)

    def again(known: Profile) -> Profile:
        if not known.registration:
            expected = "one whose token was not rotated since"
            raise IdempotencyConflict(
                f"Idempotency-Key: expected {expected}, found one of a profile that was"
            )
        if known.registration != fingerprint:
            expected = "the request that came with this key before"
            raise IdempotencyConflict(f"Idempotency-Key: expected {expected}, found another one")
        return known.with_token(token)

    while True:
        try:
            users.create(profile)
            return _view(profile, token)
        except ProfileExists:
            try:
                return _view(users.update(user_id, again), token)
            except ProfileNotFound:
                continue  # erased in between: begin it again


def show(users: Profiles, token: str, user_id: str | None = None, stages: Stages | None = None) -> View:
    """The token's own profile. Raises Unauthenticated, or NotFound if ``user_id`` is another one's."""
    (stages or Stages()).begin("profile")
    return _view(_own(users, token, user_id))


def change(
    users: Profiles,
    token: str,
    wanted: Change,
    user_id: str | None = None,
    stages: Stages | None = None,
) -> View:
    """Change the token's own profile; the same change again changes nothing. Raises as ``show`` does."""
    stages = stages or Stages()

    def changed(current: Profile) -> Profile:
        _expect_own(current, user_id)
        stages.begin("write")
        return wanted.of(current)

    stages.begin("profile")
    return _view(update(users, token, changed))


def rotate(users: Profiles, token: str, key: str | None = None, stages: Stages | None = None) -> View:
    """Give the token's profile a fresh token; every other one is dead at once. Raises Unauthenticated.

    With a ``key`` (the Idempotency-Key) the same call again gives another fresh token, since the first
    answer may have been lost and with it the only token; whoever has the old token but not the key gets
    nothing. Without one, a repeat finds the old token dead.
    """
    (stages or Stages()).begin("write")
    user_id = user_id_of_token(token)
    refused = Unauthenticated("Authorization: expected a token given by register, found another one")
    if user_id is None:
        raise refused
    fresh, rotation = new_token(user_id), "" if key is None else rotation_hash(token, key)

    def rotated(current: Profile) -> Profile:
        if current.accepts(token):
            return current.with_only_token(fresh, rotation)
        if current.was_rotated_by(rotation):
            return current.with_token(fresh)  # the lost answer's stays: it may be on its way
        raise refused

    try:
        return _view(users.update(user_id, rotated), fresh)
    except ProfileNotFound:
        raise refused from None


def erase(users: Profiles, token: str, user_id: str | None = None, stages: Stages | None = None) -> None:
    """Erase the token's own profile and its history. Raises as ``show`` does."""
    stages = stages or Stages()
    stages.begin("profile")
    profile = _own(users, token, user_id)
    stages.begin("write")
    try:
        users.delete(profile.user_id)
    except ProfileNotFound:
        return  # another call erased it meanwhile, which is what was asked for


def authenticate(users: Profiles, token: str) -> Profile:
    """The profile a token belongs to. Raises Unauthenticated; costs at most one read."""
    return _asked(token, users.get)


def update(users: Profiles, token: str, change: Callable[[Profile], Profile]) -> Profile:
    """Change the profile a token belongs to, as ``Profiles.update`` does. Raises Unauthenticated, which
    costs at most one read and no write."""

    def changed(current: Profile) -> Profile:
        return change(_accepting(current, token))

    return _asked(token, lambda user_id: users.update(user_id, changed))


def _asked(token: str, ask: Callable[[str], Profile]) -> Profile:
    user_id = user_id_of_token(token)
    if user_id is None:
        raise Unauthenticated(REFUSED)
    try:
        return _accepting(ask(user_id), token)
    except ProfileNotFound as error:
        raise Unauthenticated(REFUSED) from error


def _accepting(profile: Profile, token: str) -> Profile:
    if not profile.accepts(token):
        raise Unauthenticated(REFUSED)
    return profile


def _own(users: Profiles, token: str, user_id: str | None) -> Profile:
    profile = authenticate(users, token)
    _expect_own(profile, user_id)
    return profile


def _expect_own(profile: Profile, user_id: str | None) -> None:
    if user_id not in (None, profile.user_id):
        raise NotFound("path: expected the token's own user id, found another one")


def _view(profile: Profile, token: str | None = None) -> View:
    others = {taste.department for taste in profile.tastes} | {item.department for item in profile.shown}
    history = {
        department: History(
            profile.likes(department), profile.dislikes(department), profile.shown_in(department)
        )
        for department in (profile.department, *sorted(others - {profile.department}))
    }
    likes = profile.likes(profile.department)
    return View(profile.user_id, profile.department, profile.preferences, likes, history, token)
