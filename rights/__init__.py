"""What a person may claim on a day, and why. Pure: a dossier and the law in, rights and a trace out."""

from rights.ouverture import open_rights

__all__ = ["open_rights"]
