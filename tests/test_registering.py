"""Starting a profile, and what happens when two calls meet. HTTP is in tests/functions."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from shared.errors import IdempotencyConflict, NotFound, ProfileNotFound, Unauthenticated
from shared.profile import Preferences, Profile, new_token
from shared.registering import Registration, authenticate, erase, show, start
from shared.storage.sqlite import Sqlite

REGISTRATION = Registration("womenswear", Preferences(max_price=9), ("a", "b"))


@pytest.fixture(name="users")
def make_users(tmp_path: Path) -> Iterator[Sqlite]:
    users = Sqlite(tmp_path / "users.db")
    yield users
    users.close()


def test_the_first_token_opens_the_profile(users: Sqlite) -> None:
    view = start(users, REGISTRATION)
    assert view.token is not None
    profile = authenticate(users, view.token)
    assert profile.user_id == view.user_id
    assert profile.likes("womenswear") == ("a", "b") == view.likes
    assert profile.preferences == REGISTRATION.preferences
    assert show(users, view.token) == msgspec.structs.replace(view, token=None)


def test_what_is_stored_holds_no_token(users: Sqlite) -> None:
    view = start(users, REGISTRATION, "key")
    assert view.token is not None
    stored = msgspec.json.encode(users.get(view.user_id)).decode()
    assert view.token.partition(".")[2] not in stored
    assert "key" not in stored


def test_a_repeat_gives_the_profile_as_it_is_now(users: Sqlite) -> None:
    first = start(users, REGISTRATION, "key")
    users.update(first.user_id, lambda profile: profile.with_tastes("womenswear", ["c"]))
    again = start(users, REGISTRATION, "key")
    assert again.likes == ("a", "b", "c")
    assert again.token != first.token
    with pytest.raises(IdempotencyConflict, match="found another one"):
        start(users, Registration("womenswear"), "key")


def test_a_key_may_begin_anew_after_erasing(users: Sqlite) -> None:
    first = start(users, REGISTRATION, "key")
    assert first.token is not None
    erase(users, first.token)
    again = start(users, Registration("menswear"), "key")
    assert (again.user_id, again.department, again.likes) == (first.user_id, "menswear", ())
    with pytest.raises(Unauthenticated):  # the tokens of what was erased stay dead
        show(users, first.token)


class ErasedMeanwhile(Sqlite):
    """A store in which another call erases the profile between two calls of ours."""

    def update(self, user_id: str, change: Callable[[Profile], Profile]) -> Profile:
        self.delete(user_id)
        return super().update(user_id, change)

    def get(self, user_id: str) -> Profile:
        profile = super().get(user_id)
        self.delete(user_id)
        return profile


def test_a_profile_erased_while_it_is_repeated_begins_anew(users: Sqlite) -> None:
    first = start(users, REGISTRATION, "key")
    meanwhile = ErasedMeanwhile(users.path)
    again = start(meanwhile, REGISTRATION, "key")
    assert again.user_id == first.user_id
    assert again.token is not None
    assert show(users, again.token).likes == ("a", "b")
    meanwhile.close()


def test_a_profile_erased_while_it_is_erased_is_erased(users: Sqlite) -> None:
    view = start(users, REGISTRATION)
    meanwhile = ErasedMeanwhile(users.path)
    assert view.token is not None
    erase(meanwhile, view.token)
    with pytest.raises(ProfileNotFound):
        users.get(view.user_id)
    meanwhile.close()


def test_only_the_own_profile_can_be_seen_or_erased(users: Sqlite) -> None:
    ada, bob = start(users, REGISTRATION), start(users, REGISTRATION)
    assert ada.token is not None
    for call in (show, erase):
        with pytest.raises(NotFound):
            call(users, ada.token, bob.user_id)
    assert show(users, ada.token, ada.user_id).user_id == ada.user_id
    assert users.get(bob.user_id).user_id == bob.user_id


class Counting(Sqlite):
    """A store that counts its reads."""

    reads = 0

    def get(self, user_id: str) -> Profile:
        self.reads += 1
        return super().get(user_id)


@pytest.mark.parametrize(
    ("token", "reads"),
    [("", 0), ("nonsense", 0), ("../x." + "a" * 43, 0), (new_token("0" * 32), 1)],
    ids=["none", "nonsense", "a way out", "of nobody"],
)
def test_a_refused_token_costs_at_most_one_read(tmp_path: Path, token: str, reads: int) -> None:
    users = Counting(tmp_path / "users.db")
    with pytest.raises(Unauthenticated):
        authenticate(users, token)
    assert users.reads == reads
    users.close()


def test_the_view_tells_all_that_is_remembered(users: Sqlite) -> None:
    view = start(users, REGISTRATION)
    assert view.token is not None
    users.update(
        view.user_id,
        lambda profile: profile.with_tastes("menswear", ["m"], ["n"]).with_shown("womenswear", ["s"], 1),
    )
    seen = msgspec.to_builtins(show(users, view.token))
    assert seen == {
        "user_id": view.user_id,
        "department": "womenswear",
        "preferences": {"max_price": 9.0},
        "likes": ("a", "b"),
        "history": {
            "womenswear": {"likes": ("a", "b"), "dislikes": (), "shown": ("s",)},
            "menswear": {"likes": ("m",), "dislikes": ("n",), "shown": ()},
        },
    }
