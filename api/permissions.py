"""Who may do what: one permission a route, one set of permissions a role.

A permission is `scope:resource:action`. Scope `siens` reaches the sender's own deposits only, `tous`
reaches everyone's, `service` no one's data, `public` is held without a token.
"""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    SERVICE_LIRE = "public:service:lire"  # health, errors, description of the API
    MESURES_LIRE = "service:mesures:lire"
    SIMULER = "service:simulations:faire"  # nobody's data: the question carries all that is computed

    DOCUMENTS_DEPOSER = "siens:documents:deposer"
    DOCUMENTS_LIRE = "siens:documents:lire"
    DECOMPTES_LIRE = "siens:decomptes:lire"  # besides: written to whom the token names
    LOTS_ECRIRE = "siens:lots:ecrire"
    LOTS_LIRE = "siens:lots:lire"

    TABLEAU_LIRE = "tous:tableau:lire"  # ids, types, states: nothing of what a sheet says
    TACHES_TRAITER = "tous:taches:traiter"
    DOSSIERS_CHERCHER = "tous:dossiers:chercher"
    DOSSIERS_LIRE = "tous:dossiers:lire"
    DECISIONS_CORRIGER = "tous:decisions:corriger"
    INDUS_TRAITER = "tous:indus:traiter"
    DOSSIERS_ATTESTER = "tous:dossiers:attester"
    DOCUMENTS_REPRENDRE = "tous:documents:reprendre"  # out of quarantine, or computed elsewhere


P = Permission
EVERYONE = frozenset((P.SERVICE_LIRE,))
ROLES: dict[str, frozenset[Permission]] = {
    "assure": EVERYONE | {P.SIMULER, P.DOCUMENTS_DEPOSER, P.DOCUMENTS_LIRE, P.DECOMPTES_LIRE},
    "station": EVERYONE | {P.DOCUMENTS_DEPOSER, P.DOCUMENTS_LIRE, P.LOTS_ECRIRE, P.LOTS_LIRE},
    "valideur": EVERYONE
    | {
        P.SIMULER,
        P.DOCUMENTS_LIRE,
        P.DECOMPTES_LIRE,
        P.LOTS_LIRE,
        P.TABLEAU_LIRE,
        P.TACHES_TRAITER,
        P.DOSSIERS_CHERCHER,
        P.DOSSIERS_LIRE,
        P.DOCUMENTS_REPRENDRE,
        P.DECISIONS_CORRIGER,
        P.INDUS_TRAITER,
        P.DOSSIERS_ATTESTER,
    },
    # runs the service without reading what it holds
    "exploitant": EVERYONE | {P.MESURES_LIRE, P.TABLEAU_LIRE},
    # this machine's own user, until accounts exist
    "local": frozenset(Permission),
}
SEES_EVERYTHING = frozenset(("valideur", "local"))
"""Roles for which `siens` means everyone's: an agent reads any document."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `id`: a sender's; None for this machine's own user and for nobody. `name`: how the
    journal and the access events name him. `role` None: nobody that we know."""

    id: str | None
    role: str | None
    name: str

    @property
    def permissions(self) -> frozenset[Permission]:
        return ROLES.get(self.role or "", EVERYONE)

    @property
    def sees_everything(self) -> bool:
        return self.role in SEES_EVERYTHING
