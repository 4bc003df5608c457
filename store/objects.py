"""The object store, over S3. The only file that imports minio.

Buckets: `inbox` (what was received, encrypted), `archive` (locked), `keys` (wrapped keys),
`work` (derived images), `canary` (locked, attacked at each start). What is put is read back.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

import urllib3
from minio import Minio
from minio.commonconfig import COMPLIANCE
from minio.error import InvalidResponseError, S3Error, ServerError
from minio.retention import Retention

from domain.errors import Unavailable
from store.clock import now

LOCKED = ("archive", "canary")
BUCKETS = ("inbox", "keys", "work", *LOCKED)
PIECE = 2**20
PART = 5 * 2**20  # the smallest that S3 takes: what an upload holds in memory

_MISSING = ("NoSuchKey", "NoSuchVersion", "NoSuchBucket", "NoSuchObject", "MethodNotAllowed")
_FULL = ("InsufficientStorage", "StorageFull", "XMinioStorageFull")
_DENIED = ("AccessDenied", "ObjectLocked", "InvalidRequest")
"""What a store answers to the deletion of a locked version; to a wrong key or policy too."""
_CODES = {
    **dict.fromkeys(_FULL, "disque_plein"),
    **dict.fromkeys(("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"), "magasin_refuse"),
}


class Missing(Exception):
    """Il n'y a pas d'objet de ce nom."""


class Locked(Exception):
    """Le magasin refuse : l'objet est verrouillé."""


@dataclass(frozen=True, slots=True)
class Stat:
    key: str
    size: int
    version_id: str | None
    modified: datetime | None
    delete_marker: bool = False


class Objects:
    """One object store. Raises Unavailable where it fails: "magasin_indisponible", "disque_plein", or
    "magasin_refuse" where it answers that our keys may not do this."""

    def __init__(self, endpoint: str, access_key: str, secret_key: str, prefix: str = "") -> None:
        self.endpoint, self.prefix = endpoint, prefix
        address = urllib3.util.parse_url(endpoint or "http://127.0.0.1:1")
        self._pool = urllib3.PoolManager(
            maxsize=16,
            timeout=urllib3.Timeout(connect=2, read=30),
            retries=urllib3.Retry(
                total=3, connect=2, backoff_factor=0.1, status_forcelist=[502, 503, 504], redirect=0
            ),
        )
        self._client = Minio(
            address.netloc or "",
            access_key=access_key,
            secret_key=secret_key,
            secure=address.scheme == "https",
            region="us-east-1",
            http_client=self._pool,
        )

    def close(self) -> None:
        self._pool.clear()

    def bucket(self, name: str) -> str:
        """The name that `name` has on the server."""
        return f"{self.prefix}liasse-{name}"

    def make_buckets(self) -> None:
        """Create those that are missing; a lock can only be asked for at creation."""
        with _told():
            for name in BUCKETS:
                if not self._client.bucket_exists(self.bucket(name)):
                    try:
                        self._client.make_bucket(self.bucket(name), object_lock=name in LOCKED)
                    except S3Error as error:
                        if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                            raise

    def ready(self) -> None:
        """Raises Unavailable unless the store answers."""
        with _told():
            self._client.list_buckets()

    def put(
        self,
        bucket: str,
        key: str,
        data: BinaryIO | bytes,
        length: int | None = None,
        *,
        retain_until: datetime | None = None,
        sha256: str | None = None,
    ) -> str | None:
        """Store, read back, compare; gives the version (None where the bucket keeps none).

        `sha256`: what the caller knows these bytes to be. `retain_until` locks them (COMPLIANCE).
        Memory stays flat whatever `length`. Raises Unavailable("relecture_differente").
        """
        if isinstance(data, bytes):
            length = len(data)
            data = io.BytesIO(data)
        if length is None:
            raise ValueError("the length of a stream must be said")
        source = _Hashing(data)
        lock = Retention(COMPLIANCE, _second(retain_until)) if retain_until else None
        with _told():
            done = self._client.put_object(
                self.bucket(bucket),
                key,
                source,  # type: ignore[arg-type]
                length,
                part_size=PART if length > PART else 0,
                num_parallel_uploads=1,
                retention=lock,
            )
        expected = sha256 or source.sha256.hexdigest()
        if source.sha256.hexdigest() != expected or self.sha256(bucket, key, done.version_id) != expected:
            raise Unavailable("relecture_differente")
        return done.version_id

    @contextmanager
    def open(self, bucket: str, key: str, version: str | None = None) -> Iterator[BinaryIO]:
        """The object as a stream to read once. Raises Missing."""
        with _told():
            answer = self._client.get_object(self.bucket(bucket), key, version_id=version)
            try:
                yield answer  # type: ignore[misc]
            finally:
                answer.close()
                answer.release_conn()

    def get(self, bucket: str, key: str, version: str | None = None) -> bytes:
        with self.open(bucket, key, version) as stream:
            return stream.read()

    def sha256(self, bucket: str, key: str, version: str | None = None) -> str:
        """The hex SHA-256 of what the store gives back."""
        digest = hashlib.sha256()
        with self.open(bucket, key, version) as stream:
            while piece := stream.read(PIECE):
                digest.update(piece)
        return digest.hexdigest()

    def stat(self, bucket: str, key: str, version: str | None = None) -> Stat:
        with _told():
            found = self._client.stat_object(self.bucket(bucket), key, version_id=version)
        return Stat(key, found.size or 0, found.version_id, found.last_modified)

    def exists(self, bucket: str, key: str) -> bool:
        try:
            self.stat(bucket, key)
        except Missing:
            return False
        return True

    def list(self, bucket: str, prefix: str = "", *, versions: bool = False) -> Iterator[Stat]:
        """What lies under `prefix`, in the order of keys; with `versions`, every version of each."""
        with _told():
            for item in self._client.list_objects(
                self.bucket(bucket), prefix, recursive=True, include_version=versions
            ):
                if not item.is_dir:
                    yield Stat(
                        item.object_name or "",
                        item.size or 0,
                        item.version_id if versions else None,
                        item.last_modified,
                        bool(item.is_delete_marker),
                    )

    def retention(self, bucket: str, key: str, version: str | None = None) -> datetime | None:
        """Until when the object is locked, or None."""
        with _told():
            lock = self._client.get_object_retention(self.bucket(bucket), key, version_id=version)
        return lock.retain_until_date if lock and lock.mode == COMPLIANCE else None

    def extend(self, bucket: str, key: str, version: str | None, until: datetime) -> None:
        """Lock for longer; never shortens. Raises Unavailable where it is not so afterwards."""
        held = self.retention(bucket, key, version)
        if held is None or held < until:
            with _told():
                lock = Retention(COMPLIANCE, _second(until))
                self._client.set_object_retention(self.bucket(bucket), key, lock, version_id=version)
            held = self.retention(bucket, key, version)
        if held is None or held < until:
            raise Unavailable("relecture_differente")

    def delete(self, bucket: str, key: str, version: str | None = None) -> None:
        """Remove; nothing happens where it is not there. Raises Locked where its lock holds, read anew."""
        with _told():
            try:
                self._client.remove_object(self.bucket(bucket), key, version_id=version)
            except S3Error as error:
                if error.code in _DENIED and self._holds(bucket, key, version):
                    raise Locked(key) from error
                if error.code not in ("NoSuchKey", "NoSuchVersion"):
                    raise

    def _holds(self, bucket: str, key: str, version: str | None) -> bool:
        held = self.retention(bucket, key, version) if bucket in LOCKED else None
        return held is not None and held > now()


class _Hashing:
    """A reader that hashes what passes."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self.sha256 = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.sha256.update(data)
        return data


def _second(moment: datetime) -> datetime:
    """The next whole second in UTC: S3 keeps no smaller unit, and a lock is never shorter than asked."""
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=0) + timedelta(seconds=1 if moment.microsecond else 0)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except S3Error as error:
        if error.code in _MISSING:
            raise Missing(error.object_name or error.bucket_name or "") from None
        raise Unavailable(_CODES.get(error.code or "", "magasin_indisponible")) from error
    except (urllib3.exceptions.HTTPError, InvalidResponseError, ServerError, OSError) as error:
        full = getattr(error, "status_code", 0) == 507
        raise Unavailable("disque_plein" if full else "magasin_indisponible") from error
