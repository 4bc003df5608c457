"""A2: attacks on the lock through every listening port, with the S3 root keys and without the mTLS keys:
0 successes. Who is root on the host, or holds the client certificate, is out of scope: the last test
shows that with it the same commands do destroy, so that they are known to be the right ones.
"""

import http.client
import json
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from archive import names
from archive.canary import Target, strike
from store.clock import now
from tests.archive.making import archived

WEED = Path(sys.executable).parent / "weed"


@pytest.fixture
def target(own_buckets):
    return a_target(own_buckets)


def a_target(store):
    """A sealed original, as the archive holds it."""
    id = archived(store)
    objects = store.objects
    (stat,) = [
        s
        for s in objects.list(names.BUCKET, names.folder(id), versions=True)
        if names.parse(s.key).part == "original"
    ]
    until = objects.retention(names.BUCKET, stat.key, stat.version_id)
    assert until > now()
    data = objects.get(names.BUCKET, stat.key, stat.version_id)
    return store, Target(names.BUCKET, stat.key, stat.version_id, data, until)


def intact(store, target):
    objects = store.objects
    same = objects.get(target.bucket, target.key, target.version) == target.data
    return same and objects.retention(target.bucket, target.key, target.version) >= target.until


def weed_ports(home):
    """Every TCP port that SeaweedFS listens on, and on which addresses."""
    pid = json.loads((home / "run.json").read_text())["servers"]["weed"]["pid"]
    return sorted(
        {
            (c.laddr.ip, c.laddr.port)
            for c in psutil.Process(pid).net_connections("tcp")
            if c.status == psutil.CONN_LISTEN
        }
    )


def http_attacks(bucket, key):
    """Paths that destroy on a SeaweedFS whose side doors are open (master, filer, volume server)."""
    return [
        ("POST", f"/col/delete?collection={bucket}"),
        ("GET", f"/col/delete?collection={bucket}"),
        ("POST", "/vol/vacuum?garbageThreshold=0.0001"),
        ("GET", "/dir/assign"),
        ("POST", "/submit"),
        ("DELETE", f"/buckets/{bucket}?recursive=true&ignoreRecursiveError=true"),
        ("DELETE", f"/buckets/{bucket}/{key}?recursive=true"),
        ("DELETE", f"/buckets/{bucket}/{key}.versions?recursive=true"),
        ("POST", f"/buckets/{bucket}/{key}.versions/faux"),
        ("PUT", f"/buckets/{bucket}/{key}"),
        ("DELETE", "/1,01637037d6"),
        ("POST", f"/admin/delete_collection?collection={bucket}"),
        ("POST", "/admin/vacuum?volume=1"),
        ("POST", "/delete?fid=1,01637037d6"),
        ("GET", f"/buckets/{bucket}/?limit=10"),
    ]


def request(ip, port, method, path):
    """The status, or None where no HTTP is spoken."""
    link = http.client.HTTPConnection(ip, port, timeout=3)
    try:
        link.request(method, path, headers={"Accept": "application/json"})
        return link.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        link.close()


def shell(home, where, commands, *, trusted=False):
    """`weed shell` with or without the client's certificate; what it said."""
    ports = json.loads((home / "weed" / "ports.json").read_text())
    command = [
        str(WEED), "shell",
        f"-master=127.0.0.1:{ports['master']}.{ports['master.grpc']}",
        f"-filer=127.0.0.1:{ports['filer']}.{ports['filer.grpc']}",
    ]  # fmt: skip
    cwd = home / "weed" if trusted else where
    try:
        done = subprocess.run(
            command, input="\n".join([*commands, "exit", ""]), cwd=cwd, capture_output=True, text=True,
            env={"HOME": str(cwd), "PATH": "/usr/bin:/bin"}, timeout=8, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        return str(late.stdout) + str(late.stderr)
    return done.stdout + done.stderr


def shell_attacks(bucket, key):
    return [
        "lock",
        f"fs.rm -rf /buckets/{bucket}/{key}.versions",
        f"fs.rm -rf /buckets/{bucket}",
        f"s3.bucket.delete -name {bucket}",
        f"collection.delete -collection {bucket} -force",
        f"s3.bucket.lock -name {bucket}",
        "volume.vacuum -garbageThreshold=0.0001",
    ]


def test_the_s3_door_with_the_root_keys(target, form):
    store, locked = target
    tried = strike(store.objects, locked)
    assert all(each.held for each in tried), [each.name for each in tried if not each.held]
    assert intact(store, locked)
    form.tell("A2", f"{len(tried)} attacks through S3 with the root keys: 0 successes")


def test_every_other_port_over_http(target, home, form):
    store, locked = target
    bucket = store.objects.bucket(locked.bucket)
    ports = weed_ports(home)
    assert len(ports) >= 5
    tried = 0
    for ip, port in ports:
        for method, path in http_attacks(bucket, locked.key):
            request(ip, port, method, path)
            tried += 1
        assert intact(store, locked), f"{ip}:{port}"
    form.tell("A2", f"{tried} attacks over HTTP on {len(ports)} ports: 0 successes")


def weed_sockets(home):
    """Every local socket that SeaweedFS listens on: other users of the host can reach some of them."""
    pid = json.loads((home / "run.json").read_text())["servers"]["weed"]["pid"]
    held = {c.laddr for c in psutil.Process(pid).net_connections("unix") if c.laddr}
    return sorted(path for path in held if Path(path).exists())


def over_socket(path, sent):
    """The first bytes that a local socket answers."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(2)
        try:
            link.connect(path)
            link.sendall(sent)
            return link.recv(4096)
        except OSError:
            return b""


def test_the_local_sockets_too(target, home):
    store, locked = target
    bucket = store.objects.bucket(locked.bucket)
    found = weed_sockets(home)
    assert found
    print(f"\nA2 local sockets: {[Path(each).name for each in found]}")
    for path in found:
        for method, where in http_attacks(bucket, locked.key):
            over_socket(path, f"{method} {where} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert intact(store, locked), path
    # a gRPC server without TLS answers the preface of HTTP/2 with a frame of settings
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
    for path in found:
        answer = over_socket(path, preface)
        assert answer[3:4] != b"\x04", f"{path} speaks gRPC in clear"
    for ip, port in weed_ports(home):
        with socket.create_connection((ip, port), timeout=2) as link:
            link.settimeout(2)
            link.sendall(preface)
            try:
                answer = link.recv(4096)
            except OSError:
                answer = b""
        assert answer[3:4] != b"\x04", f"{ip}:{port} speaks gRPC in clear"


def test_nothing_listens_beyond_loopback(home, store):
    assert {ip for ip, _ in weed_ports(home)} <= {"127.0.0.1", "::1"}


def test_grpc_without_a_certificate(target, home, tmp_path):
    store, locked = target
    bucket = store.objects.bucket(locked.bucket)
    said = shell(home, tmp_path, shell_attacks(bucket, locked.key))
    assert intact(store, locked), said


def test_the_same_commands_with_the_certificate_do_destroy(target, home, tmp_path):
    """So the attack above was a real one: only the certificate was missing."""
    store, locked = target
    bucket = store.objects.bucket(locked.bucket)
    said = shell(home, tmp_path, shell_attacks(bucket, locked.key)[:2], trusted=True)
    try:
        gone = not intact(store, locked)
    except Exception:
        gone = True
    assert gone, said
