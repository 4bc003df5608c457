"""Is the archive what was sealed? With no database and no key: anyone who may read the store can ask.

What is checked, and what is not, is told in docs/archive-verify.md.
"""

import contextlib
import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from archive import canonical, chain, names, tail
from archive.inventory import NOT_GIVEN, Inventory, Reads, Verdict
from archive.manifest import Leftover, Manifest, SealedPart
from archive.package import key_owner
from store import crypt, sidecars
from store.clock import now
from store.vault import KeyErased, Vault

UNFINISHED = timedelta(hours=1)
"""How long a sealing may be under way: what is older and belongs to nothing is an orphan."""


def verify(
    objects: Reads,
    what: str = "all",
    *,
    vault: Vault | None = None,
    at: datetime | None = None,
    sealed_in: Collection[int] | None = None,
    known: Sequence[tail.Known] = (),
) -> Iterator[dict[str, Any]]:
    """One verdict an object: {object, version, kind, document, ok, verdict, detail}.

    `what`: all, or a document's id (its objects, the seals that hold its journal, and whatever is
    wrong with other seals). `vault`: with the master key, what the parts hold is checked too.
    `sealed_in`: of a document, the numbers of the seals said to hold its journal, and of the last seal: of
    all seals these, those that its manifests name and the neighbours of each are read, so that the work
    does not grow with the archive. A list that leaves one out is told: its lines follow no longer, or it is
    still `en_attente`. `known`: seals that there were, as they are kept elsewhere; of all, those that receipts
    name are looked for too."""
    moment = at or now()
    told = chain.Chain()
    if what == "all" or sealed_in is None:
        inventory = Inventory(objects, moment, ("",) if what == "all" else ("seals/", names.folder(what)))
        verdicts = list(chain.read(inventory, told))
    else:
        inventory = Inventory(objects, moment, (names.folder(what),))
        near = _near(inventory, what, sealed_in)
        for number in near:
            inventory.look(names.seal(number))
        verdicts = list(chain.read(inventory, told, near, what))
    if what == "all":
        accused = {verdict.object for verdict in verdicts if not verdict.ok}
        cut = [verdict for verdict in chain.cut_off(told, known) if verdict.object not in accused]
        told.broken |= bool(cut)
        accused |= {verdict.object for verdict in cut}
        yield from (verdict.to_json() for verdict in (*verdicts, *cut))
        documents = sorted({*inventory.documents(), *(d for d, j in told.journals.items() if j.manifests)})
    else:
        own = told.of(what).seals
        yield from (v.to_json() for v in verdicts if not v.ok or names.parse(v.object).number in own)
        documents = [what]
    for document in documents:
        for verdict in _document(inventory, told, document, vault, moment):
            yield verdict.to_json()
    if what == "all":
        named: list[tuple[int, str]] = []
        yield from (verdict.to_json() for verdict in _others(inventory, named))
        late = chain.cut_off(told, tail.of_receipts(named))
        yield from (verdict.to_json() for verdict in late if verdict.object not in accused)
    elif not inventory.keys_of(what) and not told.of(what).manifests:
        absent = Verdict(names.folder(what), None, "manifest", "absent", "rien n'est scellé", what)
        yield absent.to_json()


def _near(inventory: Inventory, document: str, sealed_in: Collection[int]) -> list[int]:
    """The seals to read for one document: its own, those after which it was sealed, and the neighbours that
    tie each of them to the chain; none after the last."""
    numbers = set(sealed_in)
    for key in inventory.keys_of(document):
        for _, version in inventory.versions(key) if names.parse(key).kind == "manifest" else ():
            with contextlib.suppress(ValueError):  # what is wrong with it is told where it is judged
                after = Manifest.loads(inventory.named(key, version, "manifest")[1] or b"").after_seal
                numbers |= {after.n} if after else set()
    last = max(numbers, default=0)
    return sorted({n + step for n in numbers for step in (-1, 0, 1) if 0 < n + step <= last})


def _document(
    inventory: Inventory, told: chain.Chain, document: str, vault: Vault | None, at: datetime
) -> Iterator[Verdict]:
    accounted: set[tuple[str, str | None]] = set()
    read: dict[str, tuple[Verdict, Manifest]] = {}
    keys = [key for key in inventory.keys_of(document) if names.parse(key).kind == "manifest"]
    for key in keys:
        versions = inventory.versions(key)
        for _, version in sorted(versions, key=lambda each: inventory.age(*each)):
            accounted.add((key, version))
            verdict, data = inventory.named(key, version, "manifest")
            if data is None:
                yield verdict
            elif key in read:
                yield verdict.but("en_trop", "une seconde version du même manifeste")
            else:
                try:
                    read[key] = verdict, Manifest.loads(data)
                except ValueError:
                    yield verdict.but("illisible", "ce n'est pas un manifeste")
    journal = told.of(document)
    true = _true(document, read, journal)
    if true is None and journal.manifests:
        key = names.manifest(document, journal.manifests[-1])
        if not inventory.versions(key):
            yield Verdict(key, None, "manifest", "absent", "le journal scellé le nomme", document)
    replaced = _replaced(read, true)
    for key, (verdict, manifest) in read.items():
        yield _tied(verdict, manifest, key, true, replaced, told, inventory)
    for manifest in (read[key][1] for key in (true, *replaced) if key is not None):
        until = canonical.moment(manifest.lock_until)
        items: tuple[SealedPart | Leftover, ...] = (*manifest.parts, *manifest.leftovers)
        for item in items:
            if (item.key, item.version) not in accounted:
                accounted.add((item.key, item.version))
                yield _part(inventory, document, item, until, vault)
    yield from inventory.markers(names.folder(document))
    if len(read) < len(keys) or (true is None and journal.manifests):
        why = ("indetermine", "son manifeste est perdu ou changé")
    elif true is None and journal.hashes and not journal.sealed:
        why = ("en_attente", "un scellement a été interrompu ou abandonné")
    else:
        why = ("en_trop", "aucun manifeste ne le nomme")
    yield from _strangers(inventory, document, accounted, why, at if true is None else None)


def true_manifest(inventory: Inventory, document: str, journal: chain.Journal) -> tuple[str, Manifest] | None:
    """The manifest of a document that holds, whole, with its key; None where there is none."""
    read: dict[str, tuple[Verdict, Manifest]] = {}
    for key in inventory.keys_of(document):
        if names.parse(key).kind == "manifest":
            for _, version in inventory.versions(key):
                verdict, data = inventory.named(key, version, "manifest")
                if data is not None:
                    read[key] = verdict, Manifest.loads(data)
    key_of_true = _true(document, read, journal)
    return None if key_of_true is None else (key_of_true, read[key_of_true][1])


def _true(document: str, read: dict[str, tuple[Verdict, Manifest]], journal: chain.Journal) -> str | None:
    """Key of the manifest that holds: the journal's, if it tells one, else the one not replaced."""
    if journal.manifests:
        key = names.manifest(document, journal.manifests[-1])
        return key if key in read else None
    named = {manifest.previous for _, manifest in read.values()}
    last = [key for key in read if key not in named]
    return min(last, key=lambda key: read[key][1].sealed_at, default=None)


def _replaced(read: dict[str, tuple[Verdict, Manifest]], true: str | None) -> list[str]:
    """The manifests that the true one replaces, newest first."""
    found: list[str] = []
    key = read[true][1].previous if true in read and true else None
    while key is not None and key in read and key not in found:
        found.append(key)
        key = read[key][1].previous
    return found


def _tied(
    verdict: Verdict,
    manifest: Manifest,
    key: str,
    true: str | None,
    replaced: list[str],
    told: chain.Chain,
    inventory: Inventory,
) -> Verdict:
    """A manifest against the journal and the seals, and its own lock."""
    journal = told.of(verdict.document or "")
    if manifest.document != verdict.document:
        return verdict.but("altere", "il parle d'un autre document")
    if key != true and key not in replaced:
        return verdict.but("en_trop", "le journal scellé nomme un autre manifeste")
    after = manifest.after_seal
    if after is not None and told.hashes.get(after.n) != after.hash and not told.broken:
        return verdict.but("chaine_rompue", f"le sceau {after.n} qu'il nomme manque ou a changé")
    verdict = inventory.locked(verdict, canonical.moment(manifest.lock_until))
    if not verdict.ok:
        return verdict
    known = len(journal.hashes)
    if manifest.journal.n and known >= manifest.journal.n:
        if journal.hashes[manifest.journal.n - 1] not in (manifest.journal.hash, ""):
            return verdict.but("chaine_rompue", "son journal n'est pas celui des sceaux")
    elif known and journal.sealed and not told.broken and key == true:
        return verdict.but("chaine_rompue", "les sceaux n'ont pas tout son journal")
    if key != true or journal.manifests or told.broken:
        return verdict
    if journal.sealed:
        return verdict.but("non_rattache", "le journal scellé ne le nomme pas")
    sealed_at = canonical.moment(manifest.sealed_at)
    if not known and told.last_at is not None and sealed_at + UNFINISHED < told.last_at:
        return verdict.but("non_rattache", "aucun sceau ne connaît ce document")
    return verdict.but("en_attente", "son journal n'est pas encore sous un sceau")


def _part(
    inventory: Inventory,
    document: str,
    item: SealedPart | Leftover,
    until: datetime,
    vault: Vault | None,
) -> Verdict:
    verdict = Verdict(item.key, item.version, "part", document=document)
    if not inventory.has(item.key, item.version):
        return verdict.but("absent", "la version scellée n'est plus là")
    found = inventory.sha256(item.key, item.version)
    if found is None:
        return verdict.but("absent", NOT_GIVEN)
    if found != item.sha256_cipher:
        return verdict.but("altere", "ses octets n'ont pas l'empreinte du manifeste")
    if isinstance(item, Leftover):
        return verdict
    verdict = inventory.locked(verdict, until)
    return _opened(inventory, verdict, item, document, vault) if verdict.ok and vault else verdict


def _opened(inventory: Inventory, verdict: Verdict, part: SealedPart, document: str, vault: Vault) -> Verdict:
    digest = hashlib.sha256()
    try:
        key = vault.key(key_owner(document, part.name))
        with inventory.stream(part.key, part.version) as stream:
            for chunk in crypt.decrypt_chunks(stream, key):
                digest.update(chunk)
    except KeyErased:
        return verdict.but("intact", "sa clé est détruite : il ne s'ouvre plus")
    except crypt.Tampered:
        return verdict.but("altere", "il ne s'ouvre pas sous la clé du document")
    if digest.hexdigest() != part.sha256:
        return verdict.but("altere", "ce qu'il contient n'a pas l'empreinte du manifeste")
    return verdict


def _strangers(
    inventory: Inventory,
    document: str,
    accounted: set[tuple[str, str | None]],
    why: tuple[str, str],
    at: datetime | None,
) -> Iterator[Verdict]:
    """Versions that no manifest names. `at`: now, where there is no manifest yet."""
    for key in inventory.keys_of(document):
        versions = inventory.versions(key)
        for _, version in versions:
            if (key, version) in accounted:
                continue
            verdict = Verdict(key, version, names.parse(key).kind, document=document)
            if at is not None and inventory.age(key, version) + UNFINISHED > at and why[0] == "en_trop":
                yield verdict.but("en_attente", "un scellement est en cours")
            elif why[0] == "indetermine" and len(versions) > 1:
                yield verdict.but("en_trop", "une version de trop")
            else:
                yield verdict.but(*why)


def _others(inventory: Inventory, named: list[tuple[int, str]]) -> Iterator[Verdict]:
    """Receipts, and what has no business here. `named` takes in the seals that receipts name."""
    for key in inventory.others:
        name = names.parse(key)
        versions = sorted(inventory.versions(key), key=lambda each: inventory.age(*each))
        for number, (_, version) in enumerate(versions):
            if name.kind != "receipt":
                yield Verdict(key, version, name.kind, "en_trop", "rien de la maison n'a ce nom")
                continue
            verdict, data = inventory.named(key, version, "receipt")
            if data is not None and (head := sidecars.head_in(data)):
                named.append(head)
            verdict = inventory.locked(verdict, None)
            yield verdict if number == 0 or not verdict.ok else verdict.but("en_trop", "écrit deux fois")
        yield from inventory.markers(key)
