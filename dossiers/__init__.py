"""Who is who: which insured and which practitioner a sheet speaks of. Pure: candidates come in."""

from dossiers.directory import Directory
from dossiers.identify import Identification, Match, identify
from dossiers.practitioners import PractitionerIdentification, PractitionerMatch, match_practitioner
from dossiers.queries import PractitionerQueries, Queries, practitioner_queries, queries
from dossiers.schema import people_from_json, practitioner_from_json, read_lines, schema, to_json

__all__ = [
    "Directory",
    "Identification",
    "Match",
    "PractitionerIdentification",
    "PractitionerMatch",
    "PractitionerQueries",
    "Queries",
    "identify",
    "match_practitioner",
    "people_from_json",
    "practitioner_from_json",
    "practitioner_queries",
    "queries",
    "read_lines",
    "schema",
    "to_json",
]
