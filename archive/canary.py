"""The lock put to the test: a canary object attacked with the store's own keys, at each start.

A store that lets a locked object be destroyed, shortened or hidden for good holds no archive: the
service refuses to start on it (docs/adr/0002-retention-and-erasure.md).
"""

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from archive.rawlink import RawLink
from domain.errors import Failed, Unavailable
from store.clock import now
from store.objects import Locked, Missing, Objects

BUCKET = "canary"
LOCK = timedelta(minutes=2)
_BYPASS = {"x-amz-bypass-governance-retention": "true"}


@dataclass(frozen=True, slots=True)
class Attack:
    """`status`: what the store answered. `held`: the object and its lock are what they were."""

    name: str
    status: int
    held: bool


@dataclass(frozen=True, slots=True)
class Target:
    bucket: str
    key: str
    version: str
    data: bytes
    until: datetime


def attack(objects: Objects) -> list[Attack]:
    """Put a canary, attack it in every way we know; gives what was tried.

    Raises Failed("verrou_cede"), naming the attacks that won."""
    _bury(objects)
    data = b"canari " + uuid.uuid4().hex.encode()
    key = f"canari/{uuid.uuid4()}"
    until = (now() + LOCK).replace(microsecond=0)
    version = objects.put(BUCKET, key, data, retain_until=until)
    if version is None:
        raise Failed("verrou_cede", "Le magasin ne garde pas de versions.")
    target = Target(BUCKET, key, version, data, until)
    tried = strike(objects, target)
    lost = [each.name for each in tried if not each.held]
    if lost:
        raise Failed("verrou_cede", f"Attaques réussies : {', '.join(lost)}.")
    return tried


def _bury(objects: Objects) -> None:
    """The canaries of earlier starts, once their lock is over; and what attacks wrote on top."""
    for stat in list(objects.list(BUCKET, "canari/", versions=True))[:200]:
        with contextlib.suppress(Locked, Missing, Unavailable):  # a store may deny it: they only take room
            objects.delete(BUCKET, stat.key, stat.version_id)


def strike(objects: Objects, target: Target) -> list[Attack]:
    """Every attack on one locked version, each followed by a look at what is left."""
    link = RawLink(objects)
    return [Attack(name, act(link, target), _holds(objects, link, target)) for name, act in ATTACKS.items()]


def _holds(objects: Objects, link: RawLink, target: Target) -> bool:
    try:
        same = objects.get(target.bucket, target.key, target.version) == target.data
        held = objects.retention(target.bucket, target.key, target.version)
    except Missing:
        return False
    _, versioning = link.send("GET", target.bucket, query={"versioning": ""})
    return same and held is not None and held >= target.until and b"Enabled" in versioning


def _delete(link: RawLink, target: Target) -> int:
    return link.send("DELETE", target.bucket, target.key, query={"versionId": target.version})[0]


def _delete_bypassing(link: RawLink, target: Target) -> int:
    query = {"versionId": target.version}
    return link.send("DELETE", target.bucket, target.key, query=query, headers=_BYPASS)[0]


def _delete_in_bulk(link: RawLink, target: Target) -> int:
    body = (
        f"<Delete><Object><Key>{escape(target.key)}</Key>"
        f"<VersionId>{escape(target.version)}</VersionId></Object></Delete>"
    ).encode()
    return link.send("POST", target.bucket, query={"delete": ""}, headers=_BYPASS, body=body)[0]


def _retain(mode: str, lock: timedelta | None) -> Callable[[RawLink, Target], int]:
    def act(link: RawLink, target: Target) -> int:
        until = "" if lock is None else f"{now() + lock:%Y-%m-%dT%H:%M:%SZ}"
        inside = f"<Mode>{mode}</Mode><RetainUntilDate>{until}</RetainUntilDate>" if until else ""
        body = f'<Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{inside}</Retention>'
        query = {"retention": "", "versionId": target.version}
        return link.send("PUT", target.bucket, target.key, query=query, headers=_BYPASS, body=body.encode())[0]

    return act


def _overwrite(link: RawLink, target: Target) -> int:
    return link.send("PUT", target.bucket, target.key, body=b"faux")[0]


def _overwrite_the_version(link: RawLink, target: Target) -> int:
    query = {"versionId": target.version}
    return link.send("PUT", target.bucket, target.key, query=query, body=b"faux")[0]


def _copy_over(link: RawLink, target: Target) -> int:
    headers = {
        "x-amz-copy-source": f"/{link.bucket_name(target.bucket)}/{target.key}?versionId={target.version}",
        "x-amz-metadata-directive": "REPLACE",
    }
    return link.send("PUT", target.bucket, target.key, headers=headers)[0]


def _suspend_versioning(link: RawLink, target: Target) -> int:
    body = b"<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"
    return link.send("PUT", target.bucket, query={"versioning": ""}, body=body)[0]


def _unlock_bucket(link: RawLink, target: Target) -> int:
    body = b"<ObjectLockConfiguration><ObjectLockEnabled>Disabled</ObjectLockEnabled></ObjectLockConfiguration>"
    link.send("PUT", target.bucket, query={"object-lock": ""}, body=body)
    return _delete(link, target)


def _expire(link: RawLink, target: Target) -> int:
    body = (
        b"<LifecycleConfiguration><Rule><ID>x</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter>"
        b"<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>"
        b"<Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>"
    )
    status = link.send("PUT", target.bucket, query={"lifecycle": ""}, body=body)[0]
    link.send("DELETE", target.bucket, query={"lifecycle": ""})
    return status


def _delete_bucket(link: RawLink, target: Target) -> int:
    return link.send("DELETE", target.bucket)[0]


ATTACKS: dict[str, Callable[[RawLink, Target], int]] = {
    "suppression de la version": _delete,
    "suppression avec contournement": _delete_bypassing,
    "suppression en lot": _delete_in_bulk,
    "verrou raccourci": _retain("COMPLIANCE", timedelta(seconds=5)),
    "verrou changé en GOVERNANCE": _retain("GOVERNANCE", timedelta(minutes=1)),
    "verrou retiré": _retain("", None),
    "écriture par-dessus": _overwrite,
    "écriture sur la version": _overwrite_the_version,
    "copie sur soi-même": _copy_over,
    "versions suspendues": _suspend_versioning,
    "verrou du seau ôté, puis suppression": _unlock_bucket,
    "expiration par cycle de vie": _expire,
    "suppression du seau": _delete_bucket,
}
