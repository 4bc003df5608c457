"""Requests to an S3 store as an attacker writes them: signed with its own keys, nothing held back.

Signature version 4, as Amazon's «Signature Calculations for the Authorization Header» describes it.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

import urllib3

from store.objects import Objects


class RawLink:
    """`status` is what the server answered; nothing is raised for a refusal."""

    def __init__(self, objects: Objects, region: str = "us-east-1") -> None:
        # the client keeps the keys; the attack must use the very ones that the house uses
        provider = objects._client._provider
        assert provider is not None, "the house always signs"
        keys = provider.retrieve()
        self._access, self._secret, self._region = keys.access_key, keys.secret_key, region
        self._base = objects.endpoint.rstrip("/")
        self.bucket_name = objects.bucket
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=10), retries=False)

    def send(
        self,
        method: str,
        bucket: str,
        key: str = "",
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> tuple[int, bytes]:
        """Status and body of the answer."""
        path = "/" + self.bucket_name(bucket) + (f"/{quote(key)}" if key else "")
        arguments = "&".join(
            f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted((query or {}).items())
        )
        md5 = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        sent = {"content-md5": md5, **(headers or {})}
        signed = self._signed(method, path, arguments, sent, body)
        url = f"{self._base}{path}" + (f"?{arguments}" if arguments else "")
        answer = self._pool.request(method, url, body=body, headers=signed, redirect=False)
        return answer.status, answer.data

    def _signed(
        self, method: str, path: str, arguments: str, headers: Mapping[str, str], body: bytes
    ) -> dict[str, str]:
        at = datetime.now(UTC)
        stamp, day = at.strftime("%Y%m%dT%H%M%SZ"), at.strftime("%Y%m%d")
        digest = hashlib.sha256(body).hexdigest()
        host = urllib3.util.parse_url(self._base).netloc or ""
        told = {**headers, "host": host, "x-amz-date": stamp, "x-amz-content-sha256": digest}
        named = ";".join(sorted(told))
        lines = "".join(f"{name}:{told[name]}\n" for name in sorted(told))
        canonical = f"{method}\n{path}\n{arguments}\n{lines}\n{named}\n{digest}"
        scope = f"{day}/{self._region}/s3/aws4_request"
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashed}"
        key = f"AWS4{self._secret}".encode()
        for part in (day, self._region, "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        told["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self._access}/{scope}, SignedHeaders={named}, Signature={signature}"
        )
        return told
