"""A2, long: what Ceph's suite of S3 asks of an object lock (github.com/ceph/s3-tests, test_s3.py, its cases on
locks, retention and legal holds), as attacks: each tries to be rid of a locked version, or to leave it less
locked than it was, with the store's own keys. 0 successes. (Short: the thirteen of archive/canary.py.)

What the suite asks besides (which answer each refusal has) is the store's affair, not the archive's.
"""

import http.client
import urllib.parse
from dataclasses import replace
from datetime import timedelta

import pytest

from archive import names
from archive.canary import ATTACKS, _holds
from archive.rawlink import RawLink
from store.clock import now
from tests.archive.making import archived
from tests.promises.test_a2_side_doors import a_target, intact

XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
BYPASS = {"x-amz-bypass-governance-retention": "true"}


def at(**later):
    return f"{now() + timedelta(**later):%Y-%m-%dT%H:%M:%SZ}"


def rule(inside):
    return (
        f"<ObjectLockConfiguration {XMLNS}><ObjectLockEnabled>Enabled</ObjectLockEnabled>{inside}"
        "</ObjectLockConfiguration>"
    ).encode()


def default_of(inside):
    body = rule(f"<Rule><DefaultRetention>{inside}</DefaultRetention></Rule>")
    return lambda link, t: link.send("PUT", t.bucket, query={"object-lock": ""}, body=body)


def retention(mode, until, **headers):
    def act(link, t):
        body = f"<Retention {XMLNS}><Mode>{mode}</Mode><RetainUntilDate>{until()}</RetainUntilDate></Retention>"
        query = {"retention": "", "versionId": t.version}
        return link.send("PUT", t.bucket, t.key, query=query, headers=headers, body=body.encode())

    return act


def without_version(method, **more):
    return lambda link, t: link.send(method, t.bucket, t.key, **more)


def hold(status):
    def act(link, t):
        body = f"<LegalHold {XMLNS}><Status>{status}</Status></LegalHold>".encode()
        query = {"legal-hold": "", "versionId": t.version}
        link.send("PUT", t.bucket, t.key, query=query, body=body)
        return delete(link, t)

    return act


def delete(link, t):
    return link.send("DELETE", t.bucket, t.key, query={"versionId": t.version}, headers=BYPASS)


def marker_then_delete(link, t):
    link.send("DELETE", t.bucket, t.key)
    return delete(link, t)


def bulk_with_marker(link, t):
    link.send("DELETE", t.bucket, t.key)
    key = f"<Key>{t.key}</Key>"
    both = f"<Object>{key}</Object><Object>{key}<VersionId>{t.version}</VersionId></Object>"
    return link.send(
        "POST", t.bucket, query={"delete": ""}, headers=BYPASS, body=f"<Delete>{both}</Delete>".encode()
    )


def multipart_over(link, t):
    """An upload in parts, begun, sent and ended over the name, its version asked for."""
    _, told = link.send("POST", t.bucket, t.key, query={"uploads": ""})
    upload = told.partition(b"<UploadId>")[2].partition(b"<")[0].decode()
    query = {"uploadId": upload, "partNumber": "1"}
    link.send("PUT", t.bucket, t.key, query=query, body=b"faux")
    link.send("POST", t.bucket, t.key, query={"uploadId": upload, "versionId": t.version}, body=b"<x/>")
    return link.send("DELETE", t.bucket, t.key, query={"uploadId": upload, "versionId": t.version})


def copy_over_version(link, t):
    source = f"/{link.bucket_name(t.bucket)}/{t.key}?versionId={t.version}"
    headers = {"x-amz-copy-source": source, "x-amz-object-lock-mode": "GOVERNANCE",
               "x-amz-object-lock-retain-until-date": at(minutes=1)}  # fmt: skip
    return link.send("PUT", t.bucket, t.key, query={"versionId": t.version}, headers=headers)


def put_unlocked(link, t):
    headers = {"x-amz-object-lock-mode": "COMPLIANCE", "x-amz-object-lock-retain-until-date": at(seconds=-5)}
    link.send("PUT", t.bucket, t.key, query={"versionId": t.version}, headers=headers, body=b"faux")
    return delete(link, t)


def tag(link, t):
    body = f"<Tagging {XMLNS}><TagSet><Tag><Key>x</Key><Value>y</Value></Tag></TagSet></Tagging>".encode()
    link.send("PUT", t.bucket, t.key, query={"tagging": "", "versionId": t.version}, body=body)
    return link.send("DELETE", t.bucket, t.key, query={"tagging": "", "versionId": t.version})


def anonymous_policy(link, t):
    name = link.bucket_name(t.bucket)
    body = ('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":'
            f'["arn:aws:s3:::{name}","arn:aws:s3:::{name}/*"]}}]}}').encode()  # fmt: skip
    link.send("PUT", t.bucket, query={"policy": ""}, body=body)
    where = urllib.parse.urlsplit(link._base)
    nobody = http.client.HTTPConnection(where.hostname, where.port, timeout=5)
    nobody.request("DELETE", f"/{name}/{t.key}?versionId={t.version}", headers=BYPASS)
    nobody.getresponse().read()
    nobody.close()
    link.send("DELETE", t.bucket, query={"policy": ""})
    return delete(link, t)


CASES = {
    "put_obj_lock: GOVERNANCE, one day": default_of("<Mode>GOVERNANCE</Mode><Days>1</Days>"),
    "put_obj_lock: zero days": default_of("<Mode>COMPLIANCE</Mode><Days>0</Days>"),
    "put_obj_lock: days and years": default_of("<Mode>COMPLIANCE</Mode><Days>1</Days><Years>1</Years>"),
    "put_obj_lock: no such mode": default_of("<Mode>abc</Mode><Years>1</Years>"),
    "put_obj_lock: no rule": lambda link, t: link.send(
        "PUT", t.bucket, query={"object-lock": ""}, body=rule("")
    ),
    "delete_obj_lock": lambda link, t: link.send("DELETE", t.bucket, query={"object-lock": ""}),
    "suspend_versioning, then delete": lambda link, t: (
        link.send("PUT", t.bucket, query={"versioning": ""},
                  body=f"<VersioningConfiguration {XMLNS}><Status>Suspended</Status>"
                       "</VersioningConfiguration>".encode()),
        delete(link, t),
    ),
    "put_obj_retention: no such mode": retention("governance", lambda: at(days=1)),
    "put_obj_retention: a past day": retention("COMPLIANCE", lambda: at(days=-1), **BYPASS),
    "put_obj_retention: no day": retention("COMPLIANCE", lambda: "", **BYPASS),
    "put_obj_retention: shorten_period": retention("COMPLIANCE", lambda: at(seconds=2)),
    "put_obj_retention: shorten_period_bypass": retention("COMPLIANCE", lambda: at(seconds=2), **BYPASS),
    "put_obj_retention: mode changed, longer": retention("GOVERNANCE", lambda: at(days=1), **BYPASS),
    "changing_mode_from_compliance": retention("GOVERNANCE", lambda: at(minutes=30)),
    "delete_object_with_retention": without_version("DELETE"),
    "delete_object_with_retention_and_marker": marker_then_delete,
    "multi_delete_object_with_retention": bulk_with_marker,
    "delete_multipart_object_with_retention": multipart_over,
    "delete_object_with_legal_hold_on": hold("ON"),
    "delete_object_with_legal_hold_off": hold("OFF"),
    "put_legal_hold: no such status": hold("abc"),
    "uploading_obj: over the version, unlocked": put_unlocked,
    "copy over the version, less locked": copy_over_version,
    "tags of the version": tag,
    "bucket policy for anyone": anonymous_policy,
    "delete_bucket": lambda link, t: link.send("DELETE", t.bucket),
    "create_bucket again": lambda link, t: link.send("PUT", t.bucket),
}  # fmt: skip


@pytest.mark.timeout(600)
def test_no_case_leaves_it_less_locked(own_buckets, form):
    if not form.long:
        pytest.skip("the long form alone: --long")
    longer = own_buckets.settings.model_copy(update={"retention_minutes": 30})  # than the attacks take
    store, locked = a_target(replace(own_buckets, settings=longer))
    link, won = RawLink(store.objects), []
    for name, act in CASES.items():
        act(link, locked)
        if not (_holds(store.objects, link, locked) and intact(store, locked)):
            won.append(name)
    fresh = archived(store, b"afterwards")  # and what is sealed after the attacks is locked as before
    (stat,) = [
        s for s in store.objects.list(names.BUCKET, names.folder(fresh), versions=True)
        if names.parse(s.key).part == "original"
    ]  # fmt: skip
    assert won == []
    assert store.objects.retention(names.BUCKET, stat.key, stat.version_id) > now()
    form.tell(
        "A2", f"{len(CASES)} lock cases of Ceph's suite besides the {len(ATTACKS)} of each start: 0 successes"
    )
