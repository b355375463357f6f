"""A bucket that is a folder of this machine. Standard library only.

It persists, serves several processes at once and survives a kill at any moment; anybody may also drop,
change and delete files with other programs. What it adds to the files lies in ``.stylekin`` at its root:

    .stylekin/lock               held while a name changes; its content is the last generation given
    .stylekin/writing/           files on their way; renamed into place when they are whole and on disk
    .stylekin/metadata/ab/….json  metadata and metageneration of one file, for one generation of it

A file's generation is its ``st_ctime_ns``: unlike the modification time nobody can set it, and a copied
file gets a new one. Names with a segment that starts with a dot are not objects; links are not followed.
"""

import contextlib
import errno
import hashlib
import mmap
import os
import stat
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import RawIOBase
from pathlib import Path

from shared.errors import BlobNotFound, NameRefused, PreconditionFailed, StoreUnavailable
from shared.storage import disk
from shared.storage.pieces import Content, Pieces, as_file
from shared.storage.ports import Blob
from shared.storage.sidecar import Sidecar

# Files of this size are made read-only and handed out as a mapping: nobody can shorten them under a reader.
MAPPED = 1 << 20
PATIENCE = 2.0

_NO_SUCH_NAME = (errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP)


class Folder:
    """Blobs in the folder ``root``, which is made when something is first written."""

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.abspath(root))
        self._own = self.root / ".stylekin"
        self._drafts = self._own / "writing"
        self._swept = False

    def list(self, prefix: str = "") -> Iterator[Blob]:
        """Every file whose name starts with ``prefix``; one that vanishes meanwhile is left out."""
        start, _, _ = prefix.rpartition("/")
        if start and not _is_name(start):
            return
        for name in _names(self.root / start if start else self.root, f"{start}/" if start else "", prefix):
            with contextlib.suppress(BlobNotFound):
                yield self.stat(name)

    def stat(self, name: str) -> Blob:
        """What is known of one file. Raises BlobNotFound."""
        path = self._path(name)
        while True:
            with _store_errors(name):
                found = os.lstat(path)
                if not stat.S_ISREG(found.st_mode):
                    raise BlobNotFound(f"{name}: expected a file, found something else")
                blob = self._blob(name, found)
                if os.lstat(path).st_ctime_ns == found.st_ctime_ns:
                    return blob

    def read(self, name: str, generation: int | None = None) -> tuple[bytes | memoryview, Blob]:
        """The bytes of one file; those of large ones that this class wrote are a mapping, not a copy."""
        path = self._path(name)
        while True:
            with _store_errors(name), _opened(path) as file:
                before = os.fstat(file)
                if generation is not None and before.st_ctime_ns != generation:
                    raise BlobNotFound(
                        f"{name}: expected generation {generation}, found {before.st_ctime_ns}"
                    )
                disk.let_settle(before.st_ctime_ns)
                data = _contents(file, before)
                blob = self._blob(name, before)
                # A file that loses its name to another is stamped in the same tick as the other: it is
                # told by its inode, which is not given again while it is open.
                after = os.lstat(path)
                if (after.st_ino, after.st_ctime_ns, after.st_size) == (
                    before.st_ino,
                    before.st_ctime_ns,
                    len(data),
                ):
                    return data, blob

    def open(self, name: str, generation: int | None = None) -> tuple[RawIOBase, Blob]:
        """One file, opened anew for each piece: in between it may be changed, and nothing is kept open."""
        blob = self.stat(name)
        if generation not in (None, blob.generation):
            raise BlobNotFound(f"{name}: expected generation {generation}, found {blob.generation}")
        return Pieces(name, blob.size, lambda start, size: self._piece(blob, start, size)), blob

    def write(
        self,
        name: str,
        data: Content,
        *,
        if_generation: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Blob:
        """Write one file, whole and on disk before it has its name. Raises NameRefused for a bad one."""
        path = self._path(name)
        with _store_errors(name, writing=True):
            self._check(name, if_generation)
            if not self._swept:
                self._swept = True
                disk.sweep(self._drafts)
            mode = 0o444 if as_file(name, data)[1] >= MAPPED else 0o644
            with disk.draft(self._drafts, data, mode) as draft, self._lock() as lock:
                return self._place(draft, name, path, lock, if_generation, metadata)

    def touch(self, name: str, metadata: Mapping[str, str] | None = None) -> Blob:
        """Raise the metageneration, which is kept beside the file: the file itself is not changed."""
        self._path(name)
        with _store_errors(name), self._lock():
            blob = self.stat(name)
            kept = dict(blob.metadata if metadata is None else metadata)
            self._sidecar(name).keep(blob.generation, blob.metageneration + 1, kept)
            return self.stat(name)

    def delete(self, name: str, generation: int | None = None) -> None:
        """Delete one file; folders that become empty stay."""
        path = self._path(name)
        with _store_errors(name), self._lock() as lock:
            found = self.stat(name).generation
            if generation is not None and found != generation:
                raise BlobNotFound(f"{name}: expected generation {generation}, found {found}")
            path.unlink()
            _remember(lock, found)
            self._sidecar(name).drop()
            disk.sync(path.parent)

    def _piece(self, blob: Blob, start: int, size: int) -> bytes:
        with _store_errors(blob.name), _opened(self._path(blob.name)) as file:
            disk.let_settle(blob.generation)
            data = os.pread(file, size, start)
            # One that lost its name to another since is stamped, too.
            if (found := os.fstat(file).st_ctime_ns) != blob.generation:
                raise BlobNotFound(f"{blob.name}: expected generation {blob.generation}, found {found}")
            return data

    def _path(self, name: str) -> Path:
        if not _is_name(name):
            raise NameRefused(f"expected a name like folder/file.jpg, found {name!r}")
        return self.root / name

    def _sidecar(self, name: str) -> Sidecar:
        digest = hashlib.sha256(name.encode()).hexdigest()
        return Sidecar(self._own / "metadata" / digest[:2] / f"{digest}.json", name, self._drafts)

    def _blob(self, name: str, found: os.stat_result) -> Blob:
        metageneration, metadata = self._sidecar(name).of(found)
        created = datetime.fromtimestamp(found.st_ctime_ns / 1e9, UTC)
        return Blob(name, found.st_ctime_ns, metageneration, found.st_size, created, metadata)

    def _generation(self, name: str) -> int:
        try:
            return self.stat(name).generation
        except BlobNotFound:
            return 0

    def _check(self, name: str, if_generation: int | None) -> int:
        found = self._generation(name)
        if if_generation is not None and found != if_generation:
            raise PreconditionFailed(f"{name}: expected generation {if_generation}, found {found}")
        return found

    def _place(
        self,
        draft: Path,
        name: str,
        path: Path,
        lock: int,
        if_generation: int | None,
        metadata: Mapping[str, str] | None,
    ) -> Blob:
        """Give a draft its name, under the lock. The one step that others see is the rename."""
        found = self._check(name, if_generation)
        disk.make(path.parent)
        _outlive(draft, max(found, _remembered(lock)), strict=found)
        sidecar = self._sidecar(name)
        if metadata:
            sidecar.announce(os.lstat(draft), dict(metadata))
        os.rename(draft, path)
        blob = self.stat(name)
        _remember(lock, blob.generation)
        if metadata:
            sidecar.keep(blob.generation, 1, dict(metadata))
        else:
            sidecar.drop()
        disk.sync(path.parent)
        return blob

    @contextlib.contextmanager
    def _lock(self) -> Iterator[int]:
        disk.make(self._own)
        with disk.locked(self._own / "lock", 0o644) as lock:
            yield lock


def _is_name(name: str) -> bool:
    try:
        encoded = name.encode()
    except UnicodeEncodeError:
        return False
    segments = name.split("/")
    return (
        len(encoded) <= 1024
        and "\\" not in name
        and "\0" not in name
        and all(segment and not segment.startswith(".") for segment in segments)
    )


def _names(folder: Path, start: str, prefix: str) -> Iterator[str]:
    """Names of files under ``folder``, all of which begin with ``start``, ascending as whole names."""
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in sorted(f"{start}{name}/" if is_folder else f"{start}{name}" for name, is_folder in found):
        if not _is_name(name.rstrip("/")) or not (name.startswith(prefix) or prefix.startswith(name)):
            continue
        if name.endswith("/"):
            yield from _names(folder / name[len(start) : -1], name, prefix)
        elif name.startswith(prefix):
            yield name


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise FileNotFoundError(errno.ENOENT, "nothing but a folder or a device", str(path))
        yield file
    finally:
        os.close(file)


def _contents(file: int, found: os.stat_result) -> bytes | memoryview:
    if found.st_size >= MAPPED and not found.st_mode & 0o222:
        return memoryview(mmap.mmap(file, found.st_size, access=mmap.ACCESS_READ))
    with open(file, "rb", closefd=False) as whole:
        return whole.read()


def _outlive(draft: Path, last: int, strict: int) -> None:
    """Wait until the clock that stamps files has passed ``last``, so that a generation is never given twice.

    A clock that was set back is waited for only as long as ``PATIENCE``; then a generation older than
    ``strict``, the one about to be replaced, is an error, and any other is let be.
    """
    until = time.monotonic() + PATIENCE
    while os.lstat(draft).st_ctime_ns <= last:
        behind = (last - time.time_ns()) / 1e9
        if behind > PATIENCE or time.monotonic() > until:
            if os.lstat(draft).st_ctime_ns <= strict:
                raise StoreUnavailable(
                    f"expected a clock past {strict} ns, found one {behind:.0f} s behind it"
                )
            return
        time.sleep(0.001)
        os.utime(draft)


def _remembered(lock: int) -> int:
    text = os.pread(lock, 32, 0).strip()
    return int(text) if text.isdigit() else 0


def _remember(lock: int, generation: int) -> None:
    os.pwrite(lock, b"%-32d" % max(generation, _remembered(lock)), 0)


@contextlib.contextmanager
def _store_errors(name: str, writing: bool = False) -> Iterator[None]:
    """Say what the system answered in the port's words."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_SUCH_NAME or (error.errno == errno.ENOENT and not writing):
            kind = NameRefused if writing else BlobNotFound
            raise kind(f"{name}: expected the name of a file, found: {error.strerror}") from error
        raise StoreUnavailable(f"{name}: {error}") from error
