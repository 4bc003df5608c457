"""The bell: tells workers, by name and id alone, that a document waits. The only Celery client.

A ring is never waited for and may be lost: the row is the truth, the sweep rings again.
"""

import time
from collections.abc import Iterable

import structlog
from celery import Celery

from domain.errors import Unavailable

log = structlog.get_logger()

QUEUE = "liasse"
SILENCE = 5.0  # seconds without trying again, once the broker did not answer


def task_name(stage: str) -> str:
    return f"liasse.{stage}"


def application(broker_url: str, **transport: object) -> Celery:
    """A Celery application on the house's broker: JSON, ids only, acknowledged late."""
    app = Celery("liasse", broker=broker_url or "memory://", set_as_current=False)
    app.conf.update(
        task_default_queue=QUEUE,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_send_sent_event=False,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        # A message not acknowledged for an hour is given again: longer than any task, so that
        # only a dead worker's come back; the sweep is much quicker.
        broker_transport_options={"visibility_timeout": 3600, **transport},
        timezone="UTC",
    )
    return app


class Bell:
    def __init__(self, broker_url: str) -> None:
        self._app = application(
            broker_url, socket_timeout=0.5, socket_connect_timeout=0.5, max_retries=0, retry_on_timeout=False
        )
        self._app.conf.broker_connection_timeout = 0.5
        self._silent_until = 0.0

    def ring(self, document_id: str, stage: str) -> bool:
        """Send; whether it was taken. Never raises, never lasts a second."""
        return self.ring_all([(document_id, stage)]) == 1

    def ring_all(self, rings: Iterable[tuple[str, str]]) -> int:
        """Send each (document, stage); how many were taken. The first failure ends it."""
        sent = 0
        for document_id, stage in rings:
            if time.monotonic() < self._silent_until:
                break
            try:
                self._app.send_task(task_name(stage), args=[document_id], retry=False, ignore_result=True)
            except Exception as error:
                # Whatever the client raises, the row stands and the sweep rings again.
                self._silent_until = time.monotonic() + SILENCE
                log.warning("bell_unheard", stage=stage, error=type(error).__name__)
                break
            sent += 1
        return sent

    def ready(self) -> None:
        """Raises Unavailable unless the broker answers within a second."""
        try:
            with self._app.connection_for_write() as connection:
                connection.ensure_connection(max_retries=1, timeout=1.0)
        except Exception as error:  # whatever the client raises, the broker does not answer
            raise Unavailable("courtier_indisponible") from error

    def close(self) -> None:
        self._app.close()
