"""Every way in which something is refused, as one published table.

    LiasseError                 what a caller is told: a code of CATALOGUE
      Refused                   the sender's: 4xx, nothing was taken
      Unavailable               ours and passing: 503 with Retry-After, try again
      Failed                    ours: a stage failed on this document (counted, then quarantine)

`make docs` writes docs/errors.md from CATALOGUE. A message is French and carries no health data.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`status`: of the HTTP answer. `sentence`: what happened. `next_step`: what to do about it."""

    status: int
    sentence: str
    next_step: str
    retryable: bool = False


CATALOGUE: dict[str, Problem] = {}


def _declare(code: str, status: int, sentence: str, next_step: str, retryable: bool = False) -> None:
    CATALOGUE[code] = Problem(status, sentence, next_step, retryable)


# files, at the gate and in the cage
_declare("fichier_vide", 422, "Le fichier est vide.", "Numérisez ou exportez de nouveau le document.")
_declare(
    "fichier_trop_gros",
    413,
    "Le fichier dépasse la taille permise.",
    "Envoyez un fichier de 256 Mio au plus, ou partagez-le en plusieurs.",
)
_declare(
    "type_inconnu",
    415,
    "Ce n'est ni un PDF, ni une image TIFF, JPEG ou PNG.",
    "Envoyez le document dans l'un de ces formats.",
)
_declare(
    "fichier_illisible",
    422,
    "Le fichier est abîmé et ne peut pas être ouvert.",
    "Numérisez de nouveau le document.",
)
_declare("fichier_chiffre", 422, "Le PDF est protégé par un mot de passe.", "Envoyez-le sans protection.")
_declare(
    "trop_de_pages",
    422,
    "Le fichier compte trop de pages.",
    "Partagez-le en fichiers de 500 pages au plus.",
)
_declare(
    "page_trop_grande",
    422,
    "Une page dépasse 120 millions de points.",
    "Numérisez à 300 points par pouce.",
)
_declare(
    "une_image_par_feuille",
    422,
    "Le fichier d'une feuille de lot contient plusieurs pages.",
    "Envoyez une image par côté de feuille.",
)
_declare("envoi_incomplet", 400, "L'envoi s'est interrompu avant la fin.", "Recommencez l'envoi.", True)
_declare("antivirus_muet", 503, "L'antivirus ne répond pas.", "Réessayez dans quelques minutes.", True)
_declare(
    "virus",
    422,
    "L'antivirus a reconnu un fichier dangereux.",
    "Nettoyez le poste d'envoi, puis envoyez un fichier sain.",
)
# the cage
_declare(
    "lecture_trop_longue",
    500,
    "La lecture d'une page a dépassé le temps permis.",
    "Le document attend une personne à l'écran de quarantaine.",
    True,
)
_declare(
    "lecture_trop_lourde",
    500,
    "La lecture a dépassé la mémoire permise.",
    "Le document attend une personne à l'écran de quarantaine.",
    True,
)
_declare(
    "lecteur_tombe",
    500,
    "Le lecteur s'est arrêté sur ce fichier.",
    "Le document attend une personne à l'écran de quarantaine.",
    True,
)
_declare(
    "appel_inconnu",
    500,
    "Cet appel n'est pas de ceux que la cage exécute.",
    "C'est une faute de programme : signalez-la.",
)
# deposits, lots, tasks
_declare("introuvable", 404, "Rien de tel ici, ou rien qui vous soit ouvert.", "Vérifiez l'identifiant.")
_declare(
    "decompte_absent",
    404,
    "Il n'y a pas de décompte à donner ici.",
    "Il existe une fois le remboursement décidé ; seuls un agent et la personne à qui il est écrit l'ouvrent.",
)
_declare(
    "cle_reutilisee",
    422,
    "Cette clé d'idempotence a servi pour un autre fichier.",
    "Prenez une clé nouvelle.",
)
_declare(
    "lot_incomplet",
    409,
    "Il manque des images au lot.",
    "Renvoyez les images indiquées, puis clôturez.",
)
_declare("lot_clos", 409, "Le lot est déjà clos.", "Ouvrez un nouveau lot.")
_declare(
    "image_differente",
    409,
    "Une autre image a déjà été reçue pour ce côté de feuille.",
    "Vérifiez la numérotation des feuilles.",
)
_declare(
    "hors_du_lot",
    422,
    "Ce numéro de feuille ou ce côté n'est pas dans le lot.",
    "Vérifiez le nombre d'images déclaré.",
)
_declare(
    "tache_perimee",
    409,
    "Le document a changé depuis que vous l'avez ouvert.",
    "Reprenez la tâche : vos saisies sont à revoir.",
)
_declare(
    "tache_non_tenue",
    409,
    "Cette tâche n'est plus la vôtre : votre réservation a expiré.",
    "Reprenez une tâche.",
)
_declare("trop_de_taches", 409, "Vous tenez déjà deux tâches.", "Terminez ou rendez l'une d'elles.")
_declare(
    "motif_absent",
    422,
    "Un refus, une remise en numérisation ou une mise à l'écart se motive.",
    "Écrivez le motif.",
)
_declare(
    "correction_sans_objet",
    422,
    "Cette correction ne change aucun montant.",
    "Vérifiez ce qui a changé ; sans différence, rien n'est à corriger.",
)
_declare(
    "correction_non_calculee",
    422,
    "Ce que la décision aurait dû être ne se calcule pas.",
    "Levez le doute qui est dit, ou annulez la décision avec un motif.",
)
_declare(
    "decision_changee",
    409,
    "La décision a changé depuis que vous l'avez ouverte.",
    "Rouvrez le document et calculez de nouveau la correction.",
)
_declare(
    "ordre_non_parti",
    409,
    "Un paiement de ce document est ordonné et n'est pas encore parti.",
    "Attendez son départ, ou débloquez-le depuis la page Quarantaine.",
)
_declare(
    "indu_etat",
    409,
    "Cela ne se note pas de cet indu.",
    "Ouvrez l'indu : la page dit où il en est et ce qui peut suivre.",
)
_declare(
    "droits_fermes",
    409,
    "Aucun droit n'est ouvert ce jour : il n'y a rien à attester.",
    "Vérifiez l'affiliation au dossier ; une demande d'ouverture de droits (S 1106) peut être faite.",
)
_declare("champ_inconnu", 422, "Ce champ n'existe pas sur ce formulaire.", "Vérifiez le nom du champ.")
_declare(
    "valeur_invalide",
    422,
    "Une valeur saisie n'a pas la forme attendue.",
    "Corrigez le champ indiqué.",
)
_declare(
    "assure_a_designer",
    422,
    "L'assuré n'est pas désigné.",
    "Choisissez un dossier avant d'accepter.",
)
_declare("etat_change", 409, "Le document n'est plus dans l'état attendu.", "Rechargez la page.")
# requests
_declare(
    "requete_invalide",
    422,
    "La requête n'a pas la forme attendue.",
    "Comparez-la à la description de l'API.",
)
_declare("jeton_absent", 401, "Il faut un jeton.", "Joignez l'en-tête Authorization: Bearer.")
_declare(
    "jeton_refuse",
    401,
    "Ce jeton est inconnu, expiré ou révoqué.",
    "Demandez-en un autre à l'exploitant.",
)
_declare("interdit", 403, "Votre rôle ne permet pas cette action.", "Voyez l'exploitant.")
_declare("origine_refusee", 403, "La requête vient d'un autre site.", "Ouvrez la page de Liasse.")
_declare(
    "hote_refuse",
    400,
    "Le nom d'hôte n'est pas celui de ce service.",
    "Appelez le service par son adresse.",
)
_declare(
    "methode_refusee",
    405,
    "Cette méthode n'existe pas ici.",
    "Comparez-la à la description de l'API.",
)
# the house itself
_declare(
    "base_indisponible",
    503,
    "La base de données ne répond pas.",
    "Réessayez dans quelques secondes.",
    True,
)
_declare(
    "courtier_indisponible",
    503,
    "Le courtier des messages ne répond pas.",
    "Rien n'est perdu : le travail reprend dès qu'il répond.",
    True,
)
_declare(
    "magasin_indisponible",
    503,
    "Le magasin d'objets ne répond pas.",
    "Réessayez dans quelques secondes.",
    True,
)
_declare(
    "magasin_refuse",
    503,
    "Le magasin d'objets refuse l'accès.",
    "L'exploitant vérifie les clés et les droits de Liasse sur le magasin ; réessayez ensuite.",
    True,
)
_declare("disque_plein", 503, "Il n'y a plus de place.", "L'exploitant est prévenu ; réessayez.", True)
_declare(
    "compte_absent",
    409,
    "Aucun compte bancaire n'est connu pour ce bénéficiaire.",
    "Complétez son dossier : l'ordre, qui attend, part alors de lui-même.",
    True,
)
_declare(
    "relecture_differente",
    503,
    "Ce qui a été relu n'est pas ce qui a été écrit.",
    "Réessayez ; si cela dure, voyez l'exploitant.",
    True,
)
_declare(
    "verrou_cede",
    500,
    "Le magasin a laissé détruire un objet verrouillé.",
    "N'archivez plus rien : le magasin n'est pas sûr.",
)
_declare(
    "dossier_mal_forme",
    422,
    "Une ligne du fichier des dossiers est mal formée.",
    "Comparez-la au schéma : liasse dossiers load --schema.",
)
_declare(
    "simulation_mal_posee",
    422,
    "La question est incomplète ou mal écrite.",
    "Corrigez ces champs ; `./liasse simulate --fields SUJET` les décrit tous.",
)
_declare(
    "formulaire_mal_forme",
    422,
    "La description du formulaire a une faute.",
    "Corrigez-la à cet endroit, puis relancez liasse form check ; docs/forms.md dit chaque clé.",
)
_declare(
    "formulaire_livre",
    409,
    "Ce nom est celui d'un formulaire livré avec Liasse.",
    "Donnez un autre nom au fichier, et à sa clé name.",
)
_declare(
    "archive_illisible",
    409,
    "Rien n'a été reconstruit : l'archive ne rend pas, ou pas tels quels, ces objets.",
    "Remettez-les depuis une copie du magasin, puis recommencez ; docs/operator.md dit quoi faire sans copie.",
)
_declare(
    "version_anterieure",
    500,
    "Ce Liasse est plus ancien que sa base : il y écrirait ce qu'il ne connaît pas.",
    "Démarrez la version la plus récente qui a tourné sur cette base.",
)
_declare(
    "base_anterieure",
    500,
    "La base est plus ancienne que l'archive : elle a oublié ce qui fut décidé et payé depuis.",
    "Ne la remettez pas en marche. Restaurez une base plus récente, ou videz-la et reconstruisez-la depuis "
    "l'archive : docs/operator.md, « La base est perdue ».",
)
_declare("cas_mal_forme", 422, "Le cas à calculer est mal formé.", "Comparez-le au schéma : --schema.")
_declare(
    "interne",
    500,
    "Une faute de programme a arrêté cette action.",
    "Réessayez ; si cela dure, donnez le numéro de l'incident à l'exploitant.",
)


class LiasseError(Exception):
    """Something refused, by its code.

    `detail`: added to the sentence, in French, without health data. `extra`: further members of
    the problem document (RFC 9457), such as `missing`."""

    def __init__(self, code: str, detail: str = "", **extra: object) -> None:
        self.code = code
        self.problem = CATALOGUE[code]
        self.detail = detail
        self.extra = extra
        super().__init__(f"{code}: {self.problem.sentence}" + (f" {detail}" if detail else ""))


class Refused(LiasseError):
    """The sender's to mend; nothing was taken."""


class Unavailable(LiasseError):
    """Passing: the caller tries again."""


class Failed(LiasseError):
    """A stage failed on this document."""
