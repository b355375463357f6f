"""Pictures in a bucket, through addresses that are good for an hour; and the identity that private functions
ask for. The one module that loads the libraries of Google Cloud.

Nothing here holds a key: on Cloud Run the service account signs through the IAM API (``signBlob``), for which
it needs ``roles/iam.serviceAccountTokenCreator`` on itself, and ``roles/storage.objectViewer`` on the bucket.
"""

import os
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import google.auth
import google.auth.transport.requests
from google.auth.credentials import Credentials, Signing
from google.cloud import storage
from google.oauth2 import id_token

from app.pictures import ENDINGS, FRESH, NoPicture

GOOD = timedelta(seconds=FRESH)
REMEMBERED = 20_000  # addresses of one process
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


class SignedPictures:
    """Pictures in a bucket. Addresses are signed once and given out for the first half of their time;
    without ``credentials``, as on an emulator, they are not signed."""

    def __init__(self, bucket: storage.Bucket, credentials: Credentials | None) -> None:
        self._bucket, self._credentials = bucket, credentials
        self._signed: dict[tuple[str, str], tuple[float, str, str]] = {}
        self._lock = threading.Lock()

    def small(self, department: str, item_id: str, width: int) -> tuple[str, bytes | str]:
        """The signed address of the picture as the shop has it, whatever the ``width``."""
        key, now = (department, item_id), time.monotonic()
        known = self._signed.get(key)
        if known is None or now - known[0] > FRESH / 2:
            blob = self._newest(department, item_id)
            known = (now, str(blob.generation), self._sign(blob))
            if len(self._signed) >= REMEMBERED:
                self._signed.clear()
            self._signed[key] = known
        return known[1], known[2]

    def names(self, department: str) -> Iterator[str]:
        for blob in self._bucket.list_blobs(prefix=f"{department}/", max_results=200):
            stem, _, ending = blob.name.removeprefix(f"{department}/").rpartition(".")
            if stem and "/" not in stem and ending.lower() in ENDINGS:
                yield stem

    def _newest(self, department: str, item_id: str) -> storage.Blob:
        prefix = f"{department}/{item_id}."
        found = [
            blob
            for blob in self._bucket.list_blobs(prefix=prefix, max_results=50)
            if blob.name.removeprefix(prefix).lower() in ENDINGS
        ]
        if not found:
            raise NoPicture(f"expected a picture of {department}/{item_id}, found none")
        return max(found, key=lambda blob: blob.generation)

    def _sign(self, blob: storage.Blob) -> str:
        if self._credentials is None:
            return str(blob.media_link)
        asked: dict[str, Any] = {"credentials": self._credentials}
        if not isinstance(self._credentials, Signing):
            with self._lock:  # one refresh of the token, not one for each picture of a page
                if not self._credentials.valid:
                    self._credentials.refresh(google.auth.transport.requests.Request())
            account = getattr(self._credentials, "service_account_email", None)
            asked = {"service_account_email": account, "access_token": self._credentials.token}
        address: str = blob.generate_signed_url(version="v4", expiration=GOOD, method="GET", **asked)
        return address


def bucket_pictures(name: str) -> SignedPictures:
    """The pictures of a bucket, as the service account that this runs as; or of an emulator's bucket."""
    if "STORAGE_EMULATOR_HOST" in os.environ:
        return SignedPictures(storage.Client(project="emulated").bucket(name), None)
    credentials, project = google.auth.default(scopes=[SCOPE])
    client = storage.Client(project=project, credentials=credentials)
    return SignedPictures(client.bucket(name), credentials)


def identity(audience: str) -> str:
    """The identity token of the service account that this runs as, for a private function's address."""
    token: str = id_token.fetch_id_token(google.auth.transport.requests.Request(), audience)
    return token
