"""The canary says when the lock gives way, whatever gave it away."""

import pytest

from archive import canary
from archive.canary import ATTACKS, BUCKET, attack
from domain.errors import Failed
from store.clock import now
from store.objects import Missing


def test_the_embedded_store_withstands_every_attack(store):
    tried = attack(store.objects)
    assert [each.name for each in tried] == list(ATTACKS)
    assert all(each.held for each in tried)


class Weak:
    """A store that gives way to one thing."""

    def __init__(self, objects, **weak):
        self._objects, self._weak = objects, weak

    def __getattr__(self, name):
        return self._weak.get(name) or getattr(self._objects, name)


def test_a_store_without_versions_is_refused(store):
    weak = Weak(store.objects, put=lambda *_, **__: None)
    with pytest.raises(Failed, match="verrou_cede"):
        attack(weak)


def test_a_lock_that_was_never_set_is_found(store):
    """As a store that takes the lock's headers and forgets them: every deletion then succeeds."""
    weak = Weak(store.objects, put=lambda b, k, d, retain_until: store.objects.put(b, k, d))
    with pytest.raises(Failed, match="suppression de la version"):
        attack(weak)


@pytest.mark.parametrize(
    "weak",
    [
        {"retention": lambda *_: None},
        {"retention": lambda *_: now()},
        {"get": lambda *_: b"autre chose"},
    ],
)
def test_a_lock_shortened_or_bytes_changed_are_found(store, weak):
    with pytest.raises(Failed, match="verrou_cede"):
        attack(Weak(store.objects, **weak))


def test_a_canary_that_disappears_is_found(store):
    def missing(*_):
        raise Missing("canari")

    with pytest.raises(Failed, match="verrou_cede"):
        attack(Weak(store.objects, get=missing))


def test_versioning_suspended_is_found(store, monkeypatch):
    real = canary.RawLink.send

    def send(self, method, bucket, key="", **options):
        if method == "GET" and "versioning" in (options.get("query") or {}):
            return 200, b"<Status>Suspended</Status>"
        return real(self, method, bucket, key, **options)

    monkeypatch.setattr(canary.RawLink, "send", send)
    with pytest.raises(Failed, match="verrou_cede"):
        attack(store.objects)


def test_old_canaries_are_buried_once_their_lock_is_over(own_buckets):
    objects = own_buckets.objects
    objects.put(BUCKET, "canari/vieux", b"x")
    objects.put(BUCKET, "canari/jeune", b"y", retain_until=now() + canary.LOCK)
    attack(objects)
    left = {stat.key for stat in objects.list(BUCKET, versions=True) if not stat.delete_marker}
    assert "canari/vieux" not in left
    assert "canari/jeune" in left
