"""The Celery names. A message carries an id; what is to be done with it stands in the row."""

from celery import Celery

from store.bell import application, task_name
from workers.house import House
from workers.runner import run
from workers.stages import STAGES


def celery_app(house: House) -> Celery:
    """The consumer of a house. `--pool threads`: the work is in the cage's children."""
    app = application(house.store.settings.broker_url)
    app.conf.update(
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_redirect_stdouts=False,  # our logs write there, and would wait for themselves
    )
    for stage in STAGES:
        app.task(_runner(house, stage), name=task_name(stage))
    return app


def _runner(house: House, stage: str):  # type: ignore[no-untyped-def]
    def task(document_id: str) -> bool:
        return run(house, STAGES, document_id, stage)

    return task
