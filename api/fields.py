"""The words for the fields of the feuille de soins S 3110: a section and a label each.

Their order and the way to type them are validation's (`validation.S3110J`). Those of the other forms
stand in fields_especes.
"""

from collections.abc import Iterator

from api.field_label import FieldLabel
from api.fields_accident import ACCIDENT
from api.fields_dossier import DOSSIER
from api.fields_droits import DROITS
from api.fields_especes import ABOUT, ESPECES

_PERSON = "Personne recevant les soins"
_ASSURE = "Assuré"
_DOCTOR = "Médecin"
_CONDITIONS = "Conditions de prise en charge"
_PAYMENT = "Paiement et signatures"


def _act(n: int) -> Iterator[FieldLabel]:
    section = f"Acte {n}"
    yield FieldLabel(f"acte{n}_date", section, "Date")
    yield FieldLabel(f"acte{n}_code", section, "Code CCAM")
    yield FieldLabel(f"acte{n}_activite", section, "Activité")
    yield FieldLabel(f"acte{n}_c_v", section, "C ou V")
    yield FieldLabel(f"acte{n}_autres_actes_1", section, "Autre acte")
    yield FieldLabel(f"acte{n}_autres_actes_2", section, "Autre acte (suite)")
    yield FieldLabel(f"acte{n}_honoraires", section, "Honoraires")
    yield FieldLabel(f"acte{n}_depassement", section, "Dépassement")
    yield FieldLabel(f"acte{n}_deplacement_id_md", section, "Déplacement ID ou MD")
    yield FieldLabel(f"acte{n}_ik_nombre", section, "IK, nombre")
    yield FieldLabel(f"acte{n}_ik_montant", section, "IK, montant")


FIELDS: tuple[FieldLabel, ...] = (
    FieldLabel("numero_facture", "En-tête", "Numéro de facture"),
    FieldLabel("date_facture", "En-tête", "Date"),
    FieldLabel("beneficiaire_nom_prenom", _PERSON, "Nom et prénom"),
    FieldLabel("beneficiaire_nir", _PERSON, "Numéro d'immatriculation"),
    FieldLabel("beneficiaire_nir_cle", _PERSON, "Clé"),
    FieldLabel("organisme_rattachement", _PERSON, "Organisme de rattachement"),
    FieldLabel("beneficiaire_date_naissance", _PERSON, "Date de naissance"),
    FieldLabel("assure_nom_prenom", _ASSURE, "Nom et prénom de l'assuré"),
    FieldLabel("assure_nir", _ASSURE, "Numéro de l'assuré"),
    FieldLabel("assure_nir_cle", _ASSURE, "Clé de l'assuré"),
    FieldLabel("assure_adresse", _ASSURE, "Adresse de l'assuré"),
    FieldLabel("medecin_tampon", _DOCTOR, "Cachet du médecin"),
    FieldLabel("medecin_rpps", _DOCTOR, "Numéro RPPS"),
    FieldLabel("medecin_am", _DOCTOR, "Numéro assurance maladie"),
    FieldLabel("structure_tampon", _DOCTOR, "Cachet de la structure"),
    FieldLabel("remplacant_nom_prenom", _DOCTOR, "Médecin remplaçant"),
    FieldLabel("remplacant_identifiant", _DOCTOR, "Identifiant du remplaçant"),
    FieldLabel("reseau_sante", _DOCTOR, "Réseau de santé"),
    FieldLabel("maladie", _CONDITIONS, "Maladie"),
    FieldLabel("soins_L115", _CONDITIONS, "Soins de l'art. L. 115"),
    FieldLabel("ald", _CONDITIONS, "Acte conforme au protocole ALD"),
    FieldLabel("prevention", _CONDITIONS, "Action de prévention"),
    FieldLabel("exo_autre", _CONDITIONS, "Autre exonération"),
    FieldLabel("accident_tiers_non", _CONDITIONS, "Accident causé par un tiers : non"),
    FieldLabel("accident_tiers_oui", _CONDITIONS, "Accident causé par un tiers : oui"),
    FieldLabel("accident_tiers_date", _CONDITIONS, "Date de l'accident"),
    FieldLabel("maternite", _CONDITIONS, "Maternité"),
    FieldLabel("maternite_date", _CONDITIONS, "Début de grossesse ou accouchement"),
    FieldLabel("at_mp", _CONDITIONS, "Accident du travail, maladie prof."),
    FieldLabel("at_mp_numero", _CONDITIONS, "Numéro AT/MP"),
    FieldLabel("at_mp_date", _CONDITIONS, "Date de l'AT/MP"),
    FieldLabel("nouveau_medecin_traitant", _CONDITIONS, "Nouveau médecin traitant"),
    FieldLabel("envoye_par_medecin", _CONDITIONS, "Envoyé par le médecin"),
    FieldLabel("acces_direct_specifique", _CONDITIONS, "Accès direct spécifique"),
    FieldLabel("urgence", _CONDITIONS, "Urgence"),
    FieldLabel("hors_residence", _CONDITIONS, "Hors résidence habituelle"),
    FieldLabel("mt_remplace", _CONDITIONS, "Médecin traitant remplacé"),
    FieldLabel("hors_coordination", _CONDITIONS, "Accès hors coordination"),
    FieldLabel("accord_prealable_date", _CONDITIONS, "Demande d'accord préalable"),
    *(each for n in (1, 2, 3, 4) for each in _act(n)),
    FieldLabel("montant_total", _PAYMENT, "Montant total"),
    FieldLabel("non_paye_part_obligatoire", _PAYMENT, "Part obligatoire non payée"),
    FieldLabel("non_paye_part_complementaire", _PAYMENT, "Part complémentaire non payée"),
    FieldLabel("signature_medecin", _PAYMENT, "Signature du médecin"),
    FieldLabel("signature_assure", _PAYMENT, "Signature de l'assuré"),
    FieldLabel("impossibilite_signer", _PAYMENT, "Impossibilité de signer"),
)
BY_NAME = {each.name: each for each in (*ACCIDENT, *DOSSIER, *DROITS, *ESPECES, *FIELDS)}


def label_of(name: str, document_type: str | None = None) -> FieldLabel:
    """The words of a field, on a document of a type. A field that no form knows is shown under its own
    name."""
    found = BY_NAME.get(name) or FieldLabel(name, "Autres champs", name.replace("_", " "))
    section = ABOUT.get(document_type or "", {}).get(found.section)
    return FieldLabel(name, section, found.label) if section else found
