"""Codes of specialty and of activity (tables IR_SPE_V, IR_ACT_V) -> groups of tariffs and modifiers."""

GENERALISTES = ("01", "22", "23")
"""Table IR_SPE_V: médecine générale, and its two kinds of specialists."""
PEDIATRES = ("12",)
PSYCHIATRES = ("17", "32", "33", "75")
"""Psychiatry, neuropsychiatry and neurology share their consultation."""
DERMATOLOGUES = ("05",)
CHIRURGIENS = ("04", "10", "11", "15", "16", "18", "41", "43", "44", "45", "46", "47", "48", "49")
"""With ORL, ophtalmologie and stomatologie, that the CCAM counts with them (19.03.01)."""
OBSTETRICIENS = ("07", "70", "77", "79")
ANESTHESISTES = ("02",)
AUTRES_SPECIALISTES = (
    "03", "06", "08", "09", "13", "14", "20", "31", "34", "35", "37", "42", "71", "72", "73", "74", "76", "78",
    "80",
)  # fmt: skip

MEDECINS = frozenset(
    GENERALISTES + PEDIATRES + PSYCHIATRES + DERMATOLOGUES + CHIRURGIENS + OBSTETRICIENS + ANESTHESISTES
    + AUTRES_SPECIALISTES
)  # fmt: skip
"""Without 38 (a laboratory's director), 69 (doctor or dentist) and 81 to 85 (généralistes in the table,
specialists since 2017: which letters are theirs was not found)."""

TARIFS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(MEDECINS, ("specialiste",)),
    **dict.fromkeys(GENERALISTES, ("generaliste",)),
    **dict.fromkeys(PEDIATRES, ("pediatre", "specialiste")),
    **dict.fromkeys(PSYCHIATRES, ("psychiatre",)),
    **dict.fromkeys(DERMATOLOGUES, ("dermatologue", "specialiste")),
    "19": ("dentiste",), "36": ("dentiste",), "53": ("dentiste",), "54": ("dentiste",),
    "21": ("sage_femme",),
    "24": ("infirmier",), "26": ("kinesitherapeute",), "27": ("pedicure",), "28": ("orthophoniste",),
    "29": ("orthoptiste",),
    "30": ("laboratoire",), "38": ("laboratoire",), "39": ("laboratoire",),
}  # fmt: skip
"""Specialty -> groups of tariffs, the first that knows the letter wins."""

MODIFICATEURS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(GENERALISTES, ("generaliste",)),
    **dict.fromkeys(PEDIATRES, ("pediatre",)),
    **dict.fromkeys(CHIRURGIENS + OBSTETRICIENS, ("chirurgie",)),
    **dict.fromkeys(ANESTHESISTES, ("anesthesie", "chirurgie")),
    **dict.fromkeys(("19", "36", "53", "54"), ("dentiste",)),
    "21": ("sage_femme",),
}
"""Specialty -> groups of the table of modifiers; all others have the common rows alone."""

ACCES_DIRECT = frozenset(("07", "70", "77", "79", "15", "17", "33", "75"))
"""D162-1-7: gynécologie, ophtalmologie, psychiatrie, neuropsychiatrie (not neurologie)."""

ALIASES = {"CNPSY": "CNP", "VNPSY": "VNP"}
"""Letters as they are written -> as they are billed."""
