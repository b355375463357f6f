"""A bucket of Google Cloud Storage. Imports google-cloud-storage, which finds its credentials by itself.

STORAGE_EMULATOR_HOST, the library's own variable, leads to another server. What failed for a moment is
tried again for up to ``PATIENCE`` seconds, but only where that cannot do a thing twice: what reads, and
what names the generation it expects. A write whose answer got lost may therefore end in
PreconditionFailed because of itself.
"""

import base64
import mimetypes
import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BufferedReader, RawIOBase
from typing import Any

import google_crc32c
from google.api_core import exceptions
from google.auth.exceptions import GoogleAuthError
from google.cloud import storage
from google.cloud.storage.exceptions import DataCorruption
from google.cloud.storage.retry import DEFAULT_RETRY

from shared import logs
from shared.errors import BlobNotFound, NameRefused, PreconditionFailed, StoreError, StoreUnavailable
from shared.storage.pieces import Content, Pieces, as_file
from shared.storage.ports import Blob, Blobs

PATIENCE = 30.0  # seconds for all attempts of one request
TIMEOUT = (5.0, 20.0)  # seconds of one attempt: until connected, between two pieces of the answer
RETRY = DEFAULT_RETRY.with_timeout(PATIENCE).with_delay(initial=0.1, maximum=4.0, multiplier=2.0)
PAGE = 1000  # objects of one request of a listing: the most there can be
RANGE = 8 << 20  # bytes of one request of a large object
SENT = 32 << 20  # bytes of one request that is part of a large write; they are held meanwhile
RANGES = 8  # requests of one large object at a time
ATTEMPTS = 5  # to read or touch an object that somebody replaces meanwhile

_LISTED = "items(name,generation,metageneration,size,timeCreated,metadata),nextPageToken"


class Bucket(Blobs):
    """Blobs in the bucket ``name``, which must be there. Opens nothing before the first call.

    Bytes are given as they are stored: those of an object with a Content-Encoding stay encoded.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._client: Any = None
        self._opening = threading.Lock()

    def list(self, prefix: str = "") -> Iterator[Blob]:
        """Every object whose name starts with ``prefix``, asked for a page at a time."""
        with _answers(prefix or "everything", nothing=self._no_bucket):
            for found in self._bucket.list_blobs(
                prefix=prefix, page_size=PAGE, fields=_LISTED, timeout=TIMEOUT, retry=RETRY
            ):
                yield _blob(found)

    def stat(self, name: str) -> Blob:
        """What is known of one object. Raises BlobNotFound."""
        with _answers(name):
            return _blob(self._live(name))

    def read(self, name: str, generation: int | None = None) -> tuple[bytes | memoryview, Blob]:
        """The bytes of one object, those of a large one in ranges side by side; their CRC32C is checked."""
        with _answers(name):
            for _ in range(ATTEMPTS):
                found = self._live(name)
                if generation not in (None, found.generation):
                    raise BlobNotFound(f"{name}: expected generation {generation}, found {found.generation}")
                blob, expected = _blob(found), found.crc32c
                try:
                    data, checksum = self._whole(blob)
                except exceptions.NotFound:
                    continue  # replaced or deleted since: what is there now?
                if checksum == expected:
                    return data, blob
        raise StoreUnavailable(f"{name}: expected {blob.size} bytes with CRC32C {expected}, found others")

    def open(self, name: str, generation: int | None = None) -> tuple[RawIOBase, Blob]:
        """One object in ranges of its generation; who reads it from end to end has its CRC32C checked."""
        with _answers(name):
            found = self._live(name)
            if generation not in (None, found.generation):
                raise BlobNotFound(f"{name}: expected generation {generation}, found {found.generation}")
            blob, expected = _blob(found), found.crc32c
        summed, checksum = 0, google_crc32c.Checksum()

        def fetch(start: int, size: int) -> bytes:
            nonlocal summed, checksum
            with _answers(name):
                data = self._range(blob, start, size)
            if start == 0:  # of each time it is read
                summed, checksum = 0, google_crc32c.Checksum()
            if start == summed and len(data) == size:
                checksum.update(data)
                summed += size
            if summed == blob.size and (found := _told(checksum)) != expected:
                raise StoreUnavailable(f"{name}: expected CRC32C {expected} of all pieces, found {found}")
            return data

        return Pieces(name, blob.size, fetch, RANGE), blob

    def write(
        self,
        name: str,
        data: Content,
        *,
        if_generation: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Blob:
        """Write one object; one whose ``if_generation`` is not given is sent once and never again."""
        with _answers(name, nothing=self._no_bucket):
            written = self._named(name)
            written.metadata = dict(metadata) if metadata else None
            written.chunk_size = SENT
            file, size = as_file(name, data)
            reader = BufferedReader(file)
            try:
                written.upload_from_file(
                    reader,
                    size=size,
                    content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
                    if_generation_match=if_generation,
                    checksum="crc32c",
                    timeout=TIMEOUT,
                    retry=RETRY if if_generation is not None else None,
                )
            finally:
                reader.detach()  # else the file is closed, and a later attempt has none
            return _blob(written)

    def touch(self, name: str, metadata: Mapping[str, str] | None = None) -> Blob:
        """Raise the metageneration, by setting the object's custom time, which may only ever grow."""
        with _answers(name):
            for _ in range(ATTEMPTS):
                found = self._live(name)
                known = found.metadata or {}
                changed = self._named(name, found.generation)
                if metadata is not None:
                    changed.metadata = {**dict.fromkeys(known), **metadata}  # a key set to None goes
                later = (found.custom_time or datetime.min.replace(tzinfo=UTC)) + timedelta(milliseconds=1)
                changed.custom_time = max(datetime.now(UTC), later)
                try:
                    changed.patch(if_metageneration_match=found.metageneration, timeout=TIMEOUT, retry=RETRY)
                except (exceptions.NotFound, exceptions.PreconditionFailed):
                    continue  # somebody else changed it meanwhile
                return _blob(self._live(name))
        raise StoreUnavailable(f"{name}: expected it to stand still for a moment, it did not")

    def delete(self, name: str, generation: int | None = None) -> None:
        """Delete one object; without ``generation`` that is asked for once and never again."""
        with _answers(name):
            try:
                self._named(name).delete(
                    if_generation_match=generation,
                    timeout=TIMEOUT,
                    retry=RETRY if generation is not None else None,
                )
            except exceptions.PreconditionFailed as error:
                raise BlobNotFound(f"{name}: expected generation {generation}, found another") from error

    def close(self) -> None:
        """Close the connections; the next call opens them again."""
        with self._opening:
            if self._client is not None:
                self._client.close()
            self._client = None

    @property
    def _no_bucket(self) -> StoreError:
        return StoreUnavailable(f"expected the bucket {self.name}, found none of that name")

    @property
    def _bucket(self) -> Any:
        with self._opening:
            if self._client is None:
                # else the library asks about the bucket, on the side, to tell of it in traces
                os.environ.setdefault("DISABLE_GCS_PYTHON_CLIENT_OTEL_BUCKET_METADATA", "true")
                self._client = storage.Client(project=None)
            return self._client.bucket(self.name)

    def _named(self, name: str, generation: int | None = None) -> Any:
        """The library's blob of that name, nothing asked yet. Raises NameRefused."""
        if not _is_name(name):
            raise NameRefused(f"expected a name like folder/file.jpg, found {name!r}")
        return self._bucket.blob(name, generation=generation)

    def _live(self, name: str) -> Any:
        """The library's blob with all that is known of it."""
        found = self._named(name)
        found.reload(timeout=TIMEOUT, retry=RETRY)
        return found

    def _whole(self, blob: Blob) -> tuple[bytes | memoryview, str]:
        """The bytes of one generation, and their CRC32C as the store writes it. Raises its NotFound."""
        checksum = google_crc32c.Checksum()
        if blob.size <= RANGE:
            whole: bytes | bytearray = self._range(blob)
            checksum.update(whole)
        else:
            whole = bytearray(blob.size)
            starts = range(0, blob.size, RANGE)
            with ThreadPoolExecutor(RANGES) as threads:
                pieces = threads.map(lambda start: self._range(blob, start, RANGE), starts)
                for start, data in zip(starts, pieces, strict=True):
                    checksum.update(data)
                    whole[start : start + len(data)] = data
        return whole if isinstance(whole, bytes) else memoryview(whole).toreadonly(), _told(checksum)

    def _range(self, blob: Blob, start: int | None = None, size: int = 0) -> bytes:
        """Up to ``size`` bytes of one generation from ``start`` on, or all. Raises the library's NotFound."""
        data: bytes = self._named(blob.name, blob.generation).download_as_bytes(
            start=start,
            end=None if start is None else start + size - 1,
            raw_download=True,
            single_shot_download=True,  # else the library takes it 8 KiB at a time, twice as long in all
            checksum=None,
            timeout=TIMEOUT,
            retry=RETRY,
        )
        return data


def _told(checksum: google_crc32c.Checksum) -> str:
    """A CRC32C as the store writes it."""
    return base64.b64encode(checksum.digest()).decode()


def _is_name(name: str) -> bool:
    try:
        encoded = name.encode()
    except UnicodeEncodeError:
        return False
    return 1 <= len(encoded) <= 1024 and name not in (".", "..") and not {"\r", "\n"} & set(name)


def _blob(found: Any) -> Blob:
    return Blob(
        found.name,
        found.generation,
        found.metageneration,
        found.size,
        found.time_created,
        dict(found.metadata or {}),
    )


@contextmanager
def _answers(name: str, nothing: StoreError | None = None) -> Iterator[None]:
    """Say what the store answered in the port's words; what it said in its own goes to the log.

    ``nothing``: what is raised where the store says that there is none, BlobNotFound by default.
    """
    try:
        yield
    except exceptions.NotFound as error:
        raise nothing or BlobNotFound(f"{name}: expected an object, found nothing of that name") from error
    except exceptions.PreconditionFailed as error:
        raise PreconditionFailed(f"{name}: expected another generation than what is there") from error
    except (exceptions.GoogleAPIError, GoogleAuthError, DataCorruption, OSError) as error:
        logs.write("ERROR", "a fault of the bucket", object=name, reason=str(error)[:500])
        raise StoreUnavailable(f"{name}: expected an answer, found {type(error).__name__}") from error
