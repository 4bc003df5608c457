"""The tables, as SQLAlchemy Core sees them. Their truth is store/migrations; a test compares both.

Ids are random UUIDs, as text on this side. Times are aware, UTC.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()


def _id(name: str = "id", primary_key: bool = False) -> Column[str]:
    made = text("gen_random_uuid()") if name == "id" else None
    return Column(name, Uuid(as_uuid=False), server_default=made, primary_key=primary_key)


def _at(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True))


def _euros(name: str) -> Column[object]:
    return Column(name, Numeric(12, 2))


senders = Table(
    "senders", metadata, _id(primary_key=True),
    Column("role", Text), Column("name", Text), Column("token_sha256", LargeBinary),
    _at("created_at"), _at("expires_at"), _at("revoked_at"), _id("insured_id"),
)  # fmt: skip

contents = Table(
    "contents", metadata, Column("sha256", Text, primary_key=True),
    _id("key_id"), Column("object_key", Text), Column("size", BigInteger), Column("media_type", Text),
    Column("cipher_sha256", Text), _at("stored_at"), _at("removed_at"),
)  # fmt: skip

lots = Table(
    "lots", metadata, _id(primary_key=True), _id("sender_id"),
    Column("declared_images", Integer), Column("duplex", Boolean), Column("status", Text),
    _at("created_at"), _at("closed_at"),
    _at("settled_at"), Column("settled_by", Text), Column("settlement", Text),
)  # fmt: skip

deposits = Table(
    "deposits", metadata, _id(primary_key=True), _id("sender_id"), Column("sha256", Text),
    Column("source", Text), Column("type_hint", Text),
    _id("lot_id"), Column("lot_n", Integer), Column("lot_side", Text),
    Column("receipt", Text), _at("received_at"), Column("received_on", Date), Column("erased", Boolean),
)  # fmt: skip

deposit_keys = Table(
    "deposit_keys", metadata, _id("sender_id", primary_key=True), Column("key", Text, primary_key=True),
    _id("deposit_id"),
)  # fmt: skip

lot_images = Table(
    "lot_images", metadata, _id("lot_id", primary_key=True),
    Column("n", Integer, primary_key=True), Column("side", Text, primary_key=True),
    _id("deposit_id"), Column("sha256", Text), _at("received_at"),
    Column("outcome", Text), _id("document_id"),
)  # fmt: skip

documents = Table(
    "documents", metadata, _id(primary_key=True), _id("parent_id"), _id("deposit_id"), _id("sender_id"),
    _id("lot_id"), Column("lot_n", Integer), Column("lot_side", Text),
    Column("content_sha256", Text), Column("pages", JSONB(none_as_null=True)),
    Column("status", Text), Column("type", Text), Column("form", Text), Column("type_hint", Text),
    _id("insured_id"), Column("reason", Text),
    Column("version", Integer), Column("attempts", Integer), Column("lease_owner", Text),
    _at("lease_until"), _at("rung_at"), Column("last_error", Text),
    _at("received_at"), Column("received_on", Date), _at("changed_at"),
    Column("manifest_sha256", Text), _at("retain_until"), _at("sealed_at"),
)  # fmt: skip

document_data = Table(
    "document_data", metadata, _id("document_id", primary_key=True),
    Column("kind", Text, primary_key=True), Column("body", JSONB), _at("saved_at"),
)  # fmt: skip

tasks = Table(
    "tasks", metadata, _id(primary_key=True), _id("document_id"), _id("lot_id"), Column("kind", Text),
    Column("version", Integer), Column("status", Text), Column("agent", Text), _at("lease_until"),
    _at("opened_at"), _at("decided_at"), Column("decided_by", Text), Column("action", Text),
)  # fmt: skip

journal = Table(
    "journal", metadata, Column("id", BigInteger, primary_key=True), _id("document_id"),
    Column("n", Integer), _at("at"), Column("actor", Text), Column("event", Text),
    Column("from_state", Text), Column("to_state", Text), Column("hashes", Text),
    Column("payload", LargeBinary), Column("previous", LargeBinary), Column("hash", LargeBinary),
    Column("seal_no", Integer),
)  # fmt: skip

access_events = Table(
    "access_events", metadata, Column("id", BigInteger, primary_key=True), _at("at"),
    Column("actor", Text), Column("what", Text), Column("target", Text), Column("why", Text),
    Column("span", Text), Column("shown", Text), Column("seal_no", Integer),
)  # fmt: skip

seals = Table(
    "seals", metadata, Column("n", Integer, primary_key=True), Column("root", LargeBinary),
    Column("previous", LargeBinary), Column("sha256", LargeBinary), Column("lines", Integer),
    Column("object_key", Text), Column("version_id", Text), _at("sealed_at"),
)  # fmt: skip

outbox = Table(
    "outbox", metadata, _id(primary_key=True), Column("kind", Text), _id("document_id"),
    _id("order_id"), Column("body", JSONB), _at("created_at"), _at("sent_at"),
    Column("attempts", Integer), _at("next_try"), Column("last_error", Text),
)  # fmt: skip

acts = Table(
    "acts", metadata, _id("document_id", primary_key=True), Column("line", Integer, primary_key=True),
    _id("insured_id"), Column("rpps", Text), Column("day", Date), Column("code", Text), _euros("fee"),
)  # fmt: skip

decisions = Table(
    "decisions", metadata, _id(primary_key=True), _id("document_id"), _id("insured_id"),
    Column("rpps", Text), _id("corrects"), Column("decided_on", Date), _euros("total"),
    Column("trace", JSONB), Column("law_version", Text), Column("code_version", Text), _at("saved_at"),
    Column("nature", Text),
)  # fmt: skip

decision_lines = Table(
    "decision_lines", metadata, _id("decision_id", primary_key=True),
    Column("line", Integer, primary_key=True), Column("code", Text), Column("day", Date),
    _euros("fee"), _euros("base"), Column("rate", Numeric(6, 2)), _euros("gross"),
    Column("retained", JSONB), _euros("complementary"), _euros("paid"), Column("trace", JSONB),
)  # fmt: skip

withheld = Table(
    "withheld", metadata, _id("decision_id", primary_key=True), Column("n", Integer, primary_key=True),
    _id("insured_id"), Column("kind", Text), _euros("amount"), _euros("outstanding"),
    Column("reimbursed_on", Date), Column("care_day", Date), Column("professional", Text),
)  # fmt: skip

shares = Table(
    "shares", metadata, _id(primary_key=True), _id("decision_id"), Column("line", Integer),
    Column("payee_kind", Text), Column("payee_id", Text), _euros("amount"), _id("order_id"),
)  # fmt: skip

orders = Table(
    "orders", metadata, _id(primary_key=True), _id("decision_id"), Column("payee_kind", Text),
    Column("payee_id", Text), _euros("amount"), _at("ordered_at"), _at("sent_at"),
)  # fmt: skip

indus = Table(
    "indus", metadata, _id(primary_key=True), _id("decision_id"), _id("document_id"), _id("insured_id"),
    Column("debtor_kind", Text), Column("debtor_id", Text), _euros("amount"), _euros("costs"), _euros("asked"),
    Column("fraud", Boolean), Column("reason", Text), Column("paid_on", Date), Column("found_on", Date),
    Column("outcome", Text), Column("trace", JSONB), _at("created_at"),
)  # fmt: skip

indu_events = Table(
    "indu_events", metadata, _id("indu_id", primary_key=True), Column("n", Integer, primary_key=True),
    Column("what", Text), Column("on_day", Date), _euros("amount"), Column("body", JSONB),
    Column("actor", Text), _at("at"),
)  # fmt: skip

retenues = Table(
    "retenues", metadata, _id("order_id", primary_key=True), Column("n", Integer, primary_key=True),
    Column("kind", Text), _id("indu_id"), _id("insured_id"), Column("care_day", Date),
    Column("professional", Text), _euros("amount"), Column("on_day", Date),
)  # fmt: skip

insured = Table(
    "insured", metadata, _id(primary_key=True), Column("natural_key", Text), Column("nir", Text),
    Column("assure_nir", Text), Column("name_key", Text), Column("surname_sounds", ARRAY(Text)),
    Column("first_sounds", ARRAY(Text)), Column("birth_date", Date), Column("body", JSONB),
)  # fmt: skip

practitioners = Table(
    "practitioners", metadata, Column("rpps", Text, primary_key=True), Column("am_number", Text),
    Column("name_key", Text), Column("last_words", ARRAY(Text)), Column("body", JSONB),
)  # fmt: skip
