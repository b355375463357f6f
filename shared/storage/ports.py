"""The two ports every store satisfies. Each has one contract suite that all adapters run."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import RawIOBase
from typing import Protocol

from shared.profile import Profile
from shared.storage.pieces import Content


@dataclass(frozen=True)
class Blob:
    """What a store knows of one object, without its bytes.

    ``generation`` grows with every new content of that name, ``metageneration`` with every change of
    its metadata, starting from 1 at each generation. ``created`` is when this generation was written,
    by the store's clock, in UTC.
    """

    name: str
    generation: int
    metageneration: int
    size: int
    created: datetime
    metadata: Mapping[str, str] = field(default_factory=dict)


class Blobs(Protocol):
    """A bucket. Names are ``/``-separated, without a leading slash."""

    def list(self, prefix: str = "") -> Iterator[Blob]:
        """Every object whose name starts with ``prefix``, by name ascending."""

    def stat(self, name: str) -> Blob:
        """What is known of one object. Raises BlobNotFound."""

    def read(self, name: str, generation: int | None = None) -> tuple[bytes | memoryview, Blob]:
        """The bytes of one object, whole and of one generation, and what is known of it.

        With ``generation`` only that one: raises BlobNotFound if it is superseded or gone.
        """

    def open(self, name: str, generation: int | None = None) -> tuple[RawIOBase, Blob]:
        """One object as a file that can be read and sought, without a buffer, and what is known of it.

        Holds a piece of it at a time, however large it is. All that is read is of one generation: raises
        BlobNotFound, as does any read later on, if that is superseded or gone. A read that raises
        StoreUnavailable leaves the place in the file as it was, so that it may be tried again.
        """

    def write(
        self,
        name: str,
        data: Content,
        *,
        if_generation: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Blob:
        """Write one object, atomically and durably; readers see the old or the new bytes, never a mix. A file
        is read a piece at a time, so that what is written need not lie in memory.

        ``if_generation=0`` creates only; another number replaces only that generation. Raises
        PreconditionFailed if something else is there, which may be this very write if a store had to be
        asked twice.
        """

    def touch(self, name: str, metadata: Mapping[str, str] | None = None) -> Blob:
        """Raise the metageneration (and set the metadata, if given); the bytes stay. Raises BlobNotFound."""

    def delete(self, name: str, generation: int | None = None) -> None:
        """Delete one object, if it is (still) at ``generation``. Raises BlobNotFound if nothing is."""


class Profiles(Protocol):
    """The shoppers' profiles. Every call is one transaction."""

    def create(self, profile: Profile) -> None:
        """Keep a new profile. Raises ProfileExists if one of that user id is there."""

    def get(self, user_id: str) -> Profile:
        """Raises ProfileNotFound."""

    def update(self, user_id: str, change: Callable[[Profile], Profile]) -> Profile:
        """Replace a profile by ``change`` of it and return the new one; no concurrent change is lost.

        Costs one read and one write unless others write meanwhile, so that who needs a profile and changes
        it asks once. ``change`` must be pure: it may be called again, and holds up nobody. Raises
        ProfileNotFound, and whatever ``change`` raises, with nothing written.
        """

    def delete(self, user_id: str) -> None:
        """Erase a profile with all its history. Raises ProfileNotFound."""
