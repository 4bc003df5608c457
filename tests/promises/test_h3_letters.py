"""H3, what leaves the house: hostile text in a letter is text. No PDF of ours holds a script, an action, a
link or a file, and each says the text as it was given.

Short: all texts in one letter of each kind; long: each text alone, in each place of each letter.
"""

import io
import itertools
from dataclasses import replace
from datetime import UTC, date, datetime

import pikepdf
import pytest

from law import load
from outbound import attestation, decompte, indu
from store.debts import Indu
from tests.liquidation.cases import decide, euro
from tests.outbound.test_attestation import CAISSE, DAY, held
from tests.outbound.test_decompte import CLAIM, DOCTOR, INSURED, text_of
from tests.promises.test_h3_hostile_text import HOSTILE

MARKUP = (
    '#eval("1+1")', "#read(\"/etc/passwd\")", '#link("http://x")[cliquez]', "$ x^2 $", "*gras* _ital_ `code`",
    "<repere> @repere", "\\u{41}", "= Titre", "/ terme : sens", "#import \"x.typ\"", "//note", "[[[", "]]]",
)  # fmt: skip
"""What the language of the letters would act upon, were it not given as data."""
TEXTS = tuple(text.replace("\u0000", "") for text in (*HOSTILE, *MARKUP))
ACTIVE = {"/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "/URI", "/EmbeddedFiles", "/AcroForm",
          "/GoToR", "/SubmitForm", "/ImportData", "/RichMedia", "/Sound", "/Movie"}  # fmt: skip
CREATED = datetime(2026, 11, 20, tzinfo=UTC)


def a_decompte(place, text):
    person, doctor, caisse, reference = INSURED, DOCTOR, CAISSE, "b9c7d1e2"
    if place == "name":
        person = replace(person, birth_name=text, first_names=text)
    elif place == "address":
        person = replace(person, address=(text, text))
    elif place == "doctor":
        doctor = replace(doctor, last_name=text, first_name=text)
    elif place == "reference":
        reference = text
    return decompte.render(decide(CLAIM, person), person, doctor, CLAIM, reference=reference, caisse=caisse)


def an_indu(place, text):
    told = Indu(
        "0" * 36, "1" * 36, "2" * 36, "3" * 36, "assure", "3" * 36, euro("30.00"), euro("0.00"), euro("30.00"),
        False, text if place == "reason" else "erreur", DAY, DAY, None, (), CREATED,
    )  # fmt: skip
    name, address = (text if place == each else "x" for each in ("name", "address"))
    return indu.render(told, name, (address,), notified_on=date(2026, 11, 22), law=load())


def an_attestation(place, text):
    changes = {"name": {"birth_name": text, "first_names": text}, "address": {"address": (text, text)}}
    return attestation.render([held(**changes[place])], DAY, caisse=CAISSE)


LETTERS = {
    a_decompte: ("name", "address", "doctor", "reference"),
    an_indu: ("name", "address", "reason"),
    an_attestation: ("name", "address"),
}


def active_parts(pdf):
    """Keys and names of a PDF, in any of its objects, that would make a reader do something."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        told = " ".join(repr(each) for each in opened.objects)
    return {key for key in ACTIVE if f'"{key}"' in told}


def squeezed(text):
    """Without what a line break or an invisible character may change."""
    return "".join(c for c in text if c.isprintable() and not c.isspace()).casefold()


def test_hostile_text_in_a_letter_is_text(form):
    kinds = [(letter, place) for letter, places in LETTERS.items() for place in places]
    tried = itertools.product(kinds, TEXTS) if form.long else zip(kinds, itertools.cycle(TEXTS), strict=False)
    if not form.long:  # and all of them at once
        tried = itertools.chain(tried, ((kind, " ".join(TEXTS)) for kind in kinds[:1]))
    letters, active, lost = 0, [], []
    for (letter, place), text in tried:
        pdf = letter(place, text)
        letters += 1
        if found := active_parts(pdf):
            active.append((letter.__name__, place, text, found))
        if squeezed(text)[:20] not in squeezed(text_of(pdf)):
            lost.append((letter.__name__, place, text, text_of(pdf)[:300]))
    assert active == []
    assert lost == []
    form.tell(
        "H3", f"{letters} letters of {len(kinds)} places, {len(TEXTS)} hostile texts: none acts, each is said"
    )


@pytest.mark.parametrize(
    "name", ["Nguyễn", "名前", "عمر", "Ζωή", "Зоя", "😀 Zoé", "\ue000", "\x07\x00Zoé", "e\u0301"]
)
def test_a_name_that_no_font_shows_keeps_no_letter_from_leaving(name):
    for letter in LETTERS:
        assert letter("name", name).startswith(b"%PDF")


def test_the_look_for_active_parts_sees_them():
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    out = io.BytesIO()
    pdf.save(out)
    assert active_parts(out.getvalue()) == {"/OpenAction", "/JS", "/JavaScript"}
