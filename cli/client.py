"""The public HTTP interface, as the command line and the demonstration use it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx


class Client:
    """One sender (or agent) of a running service. Raises httpx.HTTPStatusError on a refusal."""

    def __init__(self, url: str, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=60.0)

    def close(self) -> None:
        self._http.close()

    def post_document(self, file: Path) -> dict[str, Any]:
        with file.open("rb") as stream:
            return self._json("POST", "/api/v1/documents", files={"file": (file.name, stream)})

    def document(self, document_id: str) -> dict[str, Any]:
        return self._json("GET", f"/api/v1/documents/{document_id}")

    def documents(self) -> Iterator[dict[str, Any]]:
        """All documents that the sender may see, page after page."""
        after: str | None = None
        while True:
            page = self._json(
                "GET", "/api/v1/documents", params={"limit": 200} | ({"after": after} if after else {})
            )
            yield from page["documents"]
            after = page.get("next")
            if not after:
                return

    def open_lot(self, declared_images: int, duplex: bool = False) -> str:
        answer = self._json("POST", "/api/v1/lots", json={"declared_images": declared_images, "duplex": duplex})
        return str(answer["id"])

    def put_sheet(self, lot: str, n: int, image: bytes, side: str = "r") -> dict[str, Any]:
        return self._json("PUT", f"/api/v1/lots/{lot}/sheets/{n}", params={"side": side}, content=image)

    def close_lot(self, lot: str) -> dict[str, Any]:
        return self._json("POST", f"/api/v1/lots/{lot}/close")

    def lot(self, lot: str) -> dict[str, Any]:
        return self._json("GET", f"/api/v1/lots/{lot}")

    def next_task(self, document: str | None = None) -> dict[str, Any] | None:
        """The oldest free task, or the one of `document`; None where there is none."""
        answer = self._http.post("/api/v1/tasks/next", json={"document": document} if document else None)
        answer.raise_for_status()
        return None if answer.status_code == 204 else answer.json()

    def give_back(self, task: str) -> None:
        self._http.delete(f"/api/v1/tasks/{task}/lease").raise_for_status()

    def decide(self, task: str, decision: dict[str, Any]) -> dict[str, Any]:
        return self._json("POST", f"/api/v1/tasks/{task}/decision", json=decision)

    def find_insured(self, **what: Any) -> list[dict[str, Any]]:
        """By `nir`, `names` or `birth_date`."""
        asked = {name: value for name, value in what.items() if value}
        answer: list[dict[str, Any]] = self._json("POST", "/api/v1/dossiers/search", json=asked)["dossiers"]
        return answer

    def _json(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        answer = self._http.request(method, path, **options)
        answer.raise_for_status()
        content: dict[str, Any] = answer.json() if answer.content else {}
        return content
