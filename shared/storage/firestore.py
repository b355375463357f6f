"""The profiles in Firestore. Imports google-cloud-firestore, which finds its credentials by itself.

One document per profile, ``profiles/<user_id>``:

    profile    the profile's JSON, as bytes
    expires    when a time-to-live policy on this field may delete the document: KEPT after its last change

FIRESTORE_EMULATOR_HOST, the library's own variable, leads to another server.

A change is one read and one write, which is refused if anybody wrote in between; then it begins again.
docs/decisions/0012 says why that is no transaction of Firestore's.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from google.api_core import exceptions
from google.api_core.retry import Retry, exponential_sleep_generator, if_exception_type
from google.auth.exceptions import GoogleAuthError
from google.cloud import firestore

from shared import logs
from shared.errors import ProfileExists, ProfileNotFound, StoreUnavailable
from shared.profile import Profile, read_profile, write_profile
from shared.storage.ports import Profiles

COLLECTION = "profiles"
KEPT = timedelta(days=365)
LIMIT = 1_000_000  # bytes of a profile's JSON; a document has at most 1 MiB
PATIENCE = 20.0  # seconds for all attempts of one request, and of one change
TIMEOUT = 10.0  # seconds of one attempt

# Every call is tried again: a read changes nothing, and every write has a condition that a second one
# of the same no longer meets.
RETRY = Retry(
    if_exception_type(
        exceptions.Aborted,
        exceptions.DeadlineExceeded,
        exceptions.InternalServerError,
        exceptions.ResourceExhausted,
        exceptions.ServiceUnavailable,
    ),
    initial=0.1,
    maximum=2.0,
    multiplier=2.0,
    timeout=PATIENCE,
)


class Database:
    """A database of a project. Opens nothing before the first call."""

    def __init__(self, project: str, database: str) -> None:
        self.project, self.database = project, database
        self._opened: Any = None
        self._opening = threading.Lock()

    def close(self) -> None:
        """Close the connection; the next call opens it again."""
        with self._opening:
            if self._opened is not None:
                self._opened.close()
            self._opened = None

    @property
    def _client(self) -> Any:
        with self._opening:
            if self._opened is None:
                self._opened = firestore.Client(project=self.project, database=self.database)
            return self._opened


class Firestore(Database, Profiles):
    """Profiles in a database of a project. Opens nothing before the first call.

    Raises StoreUnavailable if the database does not answer, or if others kept changing a profile for
    ``patience`` seconds.
    """

    def __init__(self, project: str, database: str, patience: float = PATIENCE) -> None:
        super().__init__(project, database)
        self.patience = patience

    def create(self, profile: Profile) -> None:
        with _answers(profile.user_id):
            fields = _fields(profile.within(LIMIT))
            self._document(profile.user_id).create(fields, retry=RETRY, timeout=TIMEOUT)

    def get(self, user_id: str) -> Profile:
        with _answers(user_id):
            return read_profile(_json(self._read(self._document(user_id))))

    def update(self, user_id: str, change: Callable[[Profile], Profile]) -> Profile:
        with _answers(user_id):
            document, tried = self._document(user_id), b""
            waits = exponential_sleep_generator(initial=0.02, maximum=1.0)
            until = time.monotonic() + self.patience
            while time.monotonic() < until:
                found = self._read(document)
                data = _json(found)
                if data == tried:  # written after all: what got lost was the answer
                    return read_profile(data)
                changed = change(read_profile(data)).within(LIMIT)
                unchanged = self._client.write_option(last_update_time=found.update_time)
                try:
                    document.update(_fields(changed), option=unchanged, retry=RETRY, timeout=TIMEOUT)
                    return changed
                except exceptions.FailedPrecondition:  # somebody else wrote
                    tried = write_profile(changed)
                    time.sleep(next(waits))
        raise StoreUnavailable(f"expected the profile {user_id} to stand still for a moment, it did not")

    def delete(self, user_id: str) -> None:
        with _answers(user_id):
            there = self._client.write_option(exists=True)
            self._document(user_id).delete(option=there, retry=RETRY, timeout=TIMEOUT)

    def _document(self, user_id: str) -> Any:
        return self._client.collection(COLLECTION).document(user_id)

    @staticmethod
    def _read(document: Any) -> Any:
        """A document that is there, as the library has it. Raises its NotFound."""
        found = document.get(retry=RETRY, timeout=TIMEOUT)
        if not found.exists:
            raise exceptions.NotFound("no such document")
        return found


def _fields(profile: Profile) -> dict[str, object]:
    return {"profile": write_profile(profile), "expires": datetime.now(UTC) + KEPT}


def _json(found: Any) -> bytes:
    data: bytes = found.to_dict().get("profile", b"")
    return data


@contextmanager
def _answers(user_id: str) -> Iterator[None]:
    """Say what the database answered in the port's words; what it said in its own goes to the log."""
    try:
        yield
    except exceptions.NotFound as error:
        raise ProfileNotFound(f"expected a profile {user_id}, found none") from error
    except exceptions.AlreadyExists as error:
        raise ProfileExists(f"expected no profile {user_id}, found one") from error
    except (exceptions.GoogleAPIError, GoogleAuthError) as error:
        logs.write("ERROR", "a fault of the profiles", user_id=user_id, reason=str(error)[:500])
        raise StoreUnavailable(f"expected to reach the profiles, found {type(error).__name__}") from error
