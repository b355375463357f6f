"""Pictures in a bucket, on fake-gcs-server: the newest of a name, behind a signed address."""

import secrets
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from google.auth.credentials import Credentials
from google.auth.crypt import RSASigner
from google.cloud import storage
from google.oauth2 import service_account

from app.pictures import FRESH, NoPicture, address, route, samples
from app.signed import SignedPictures, bucket_pictures
from tests.app.asking import Routes

SIGNER = "page@project.iam.gserviceaccount.com"


@pytest.fixture(name="key", scope="module")
def make_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(name="credentials")
def make_credentials(key: rsa.RSAPrivateKey) -> Any:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signer = RSASigner.from_string(key.private_bytes(*form))
    return service_account.Credentials(signer, SIGNER, "https://127.0.0.1/never")


@pytest.fixture(name="bucket")
def make_bucket(storage_emulator: Any) -> Any:
    return storage.Client(project="stylekin-test").create_bucket(f"shop-{secrets.token_hex(8)}")


def put(bucket: Any, name: str, content: bytes) -> None:
    bucket.blob(name).upload_from_string(content, "image/jpeg")


def fetched(found: object) -> bytes:
    """What lies at an address; the server takes it for Google's by the name of the host."""
    assert isinstance(found, str)
    return httpx.get(found, headers={"Host": "storage.googleapis.com"}, trust_env=False).content


def test_an_address_leads_to_the_newest_picture(bucket: Any, credentials: Any) -> None:
    put(bucket, "womenswear/a1.png", b"old")
    put(bucket, "womenswear/a1.jpg", b"new")
    put(bucket, "womenswear/a1.b.jpg", b"another item")
    put(bucket, "womenswear/a10.jpg", b"another item")
    pictures = SignedPictures(bucket, credentials)
    tag, found = pictures.small("womenswear", "a1", 320)
    assert fetched(found) == b"new"
    assert tag == str(bucket.get_blob("womenswear/a1.jpg").generation)
    assert pictures.small("womenswear", "a1", 640) == (tag, found), "signed once"
    with pytest.raises(NoPicture, match="womenswear/z"):
        pictures.small("womenswear", "z", 320)
    assert sorted(samples(pictures, "womenswear", 9)) == ["a1", "a1.b", "a10"]


def test_the_address_is_signed_as_google_reads_it(
    bucket: Any, credentials: Any, key: rsa.RSAPrivateKey
) -> None:
    """By https://cloud.google.com/storage/docs/authentication/signatures, version 4."""
    put(bucket, "womenswear/größe 38.jpg", b"x")
    _, found = SignedPictures(bucket, credentials).small("womenswear", "größe 38", 320)
    assert isinstance(found, str)
    parts = urlsplit(found)
    query = parse_qs(parts.query, strict_parsing=True)
    assert query["X-Goog-Expires"] == [str(FRESH)]
    assert query["X-Goog-Credential"][0].startswith(f"{SIGNER}/")
    assert parts.path == f"/{bucket.name}/womenswear/{quote('größe 38')}.jpg"
    unsigned = parts.query.partition("&x-goog-signature=")[0].partition("&X-Goog-Signature=")[0]
    host = f"host:{parts.netloc}"
    canonical = "\n".join(["GET", parts.path, unsigned, host, "", "host", "UNSIGNED-PAYLOAD"])
    digest = hashes.Hash(hashes.SHA256())
    digest.update(canonical.encode())
    scope = query["X-Goog-Credential"][0].partition("/")[2]
    signed = "\n".join(["GOOG4-RSA-SHA256", query["X-Goog-Date"][0], scope, digest.finalize().hex()])
    signature = bytes.fromhex(query["X-Goog-Signature"][0])
    key.public_key().verify(signature, signed.encode(), padding.PKCS1v15(), hashes.SHA256())


def test_the_route_leads_there(bucket: Any, credentials: Any) -> None:
    put(bucket, "menswear/m1.webp", b"x")
    routes = Routes(route(SignedPictures(bucket, credentials)))
    answer = routes.ask("GET", address("menswear", "m1", 160))
    assert answer.status_code == 302
    assert answer.headers["cache-control"] == f"private, max-age={FRESH // 2}"
    assert fetched(answer.headers["location"]) == b"x"
    assert routes.ask("GET", address("menswear", "m2", 160)).status_code == 404


def test_an_emulator_asks_for_no_signature(bucket: Any) -> None:
    put(bucket, "menswear/m4.jpg", b"emulated")
    _, found = bucket_pictures(bucket.name).small("menswear", "m4", 160)
    assert isinstance(found, str)
    assert httpx.get(found, trust_env=False).content == b"emulated"


class Metadata(Credentials):  # type: ignore[misc]
    """Credentials as Cloud Run has them: a token and an account, and no key."""

    def __init__(self) -> None:
        super().__init__()
        self.service_account_email, self.refreshed = SIGNER, 0

    def refresh(self, request: Any) -> None:
        self.refreshed += 1
        self.token = "a-token"


def test_without_a_key_the_account_signs_through_iam(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The IAM API is not to be had here: what it would be asked is seen where the library sends it."""
    asked: list[tuple[str, Any]] = []

    class Transport:
        """Of the library's: answers as ``signBlob`` does."""

        def __call__(self, url: str, method: str, body: Any, headers: Any, **rest: Any) -> Any:
            asked.append((f"{method} {url}", headers["Authorization"]))
            return type("Answer", (), {"status": 200, "data": b'{"signedBlob": "c2lnbmVk"}'})()

    monkeypatch.setattr("google.auth.transport.requests.Request", Transport)
    put(bucket, "menswear/m3.jpg", b"x")
    credentials = Metadata()
    pictures = SignedPictures(bucket, credentials)
    _, found = pictures.small("menswear", "m3", 160)
    assert isinstance(found, str)
    assert parse_qs(urlsplit(found).query)["X-Goog-Signature"] == [b"signed".hex()]
    ((call, bearer),) = asked
    assert call.startswith("POST https://iamcredentials.googleapis.com/")
    assert call.endswith(f"/serviceAccounts/{SIGNER}:signBlob?alt=json") or SIGNER in call
    assert (bearer, credentials.refreshed) == ("Bearer a-token", 1)
