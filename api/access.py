"""Who may see which document; missing and foreign are one answer."""

from sqlalchemy import Connection

from api.permissions import Actor
from domain.errors import Refused
from store import access, documents, senders, tasks
from store.documents import DocumentRow


def visible(conn: Connection, actor: Actor, document_id: str) -> DocumentRow:
    """Raises Refused("introuvable") where it does not exist or is another sender's."""
    row = documents.load(conn, document_id)
    if not actor.sees_everything and row.sender_id != actor.id:
        raise Refused("introuvable")
    return row


def sender(conn: Connection, actor: Actor) -> senders.Sender:
    """The sender in whose name a deposit is taken."""
    if actor.id is None:
        return senders.house_sender(conn)
    return senders.Sender(actor.id, actor.role, "")  # type: ignore[arg-type]


def record(conn: Connection, actor: Actor, document_id: str) -> None:
    """One event an actor, document and lease, else per hour; the document's images add none."""
    task = tasks.of_document(conn, document_id) if actor.sees_everything else None
    held = task is not None and task.agent == actor.name
    access.record(
        conn,
        actor.name,
        "document",
        document_id,
        "validation" if held else "consultation",
        span=f"tache:{task.id}:{task.version}" if held and task else None,
    )
