"""Small lists that the invented population is drawn from. Places and their INSEE codes are public facts."""


def _words(text: str, mark: str | None = None) -> tuple[str, ...]:
    """The words of `text`, parted by spaces, or by `mark` and line ends."""
    if mark is None:
        return tuple(word.replace("_", " ") for word in text.split())
    return tuple(part.strip() for line in text.split("\n") for part in line.split(mark))


WOMEN = _words("""Marie Nathalie Isabelle Sylvie Catherine Martine Christine Françoise Valérie Sandrine
Stéphanie Véronique Sophie Céline Chantal Patricia Anne Brigitte Julie Monique Aurélie Nicole
Laurence Annie Émilie Dominique Virginie Corinne Élodie Christelle Camille Caroline Léa Sarah
Florence Laetitia Audrey Hélène Laura Manon Michèle Cécile Christiane Béatrice Claire Nadine
Delphine Pauline Karine Mélanie Marion Chloé Jacqueline Élisabeth Evelyne Marine Claudine
Anaïs Lucie Danielle Carole Fabienne Mathilde Geneviève Raphaëlle Zoé Inès Fatima Khadija
Océane Noémie Agnès Maëlle Gaëlle Solène Joséphine Aïcha Bérénice Ève Marie-Claude Anne-Sophie
Marie-Thérèse Anne-Laure Marie-Françoise Rose-Marie""")

MEN = _words("""Jean Philippe Michel Alain Patrick Nicolas Christophe Pierre Christian Éric Frédéric Laurent
Stéphane David Pascal Daniel Alexandre Julien Thierry Olivier Bernard Thomas Sébastien Gérard Didier
Dominique Vincent François Bruno Guillaume Jérôme Jacques Marc Maxime Romain Claude Antoine Franck Anthony
Kévin Gilles Cédric Serge André Mathieu Benjamin Patrice Fabrice Joël Jérémy Clément Arnaud Denis Paul
Lucas Hervé Rémi Jean-Pierre Jean-Luc Jean-Claude Jean-François Loïc Benoît Grégory Théo Hugo Léo Gaël
Noël Raphaël Gaëtan Mohamed Karim Joaquim Adrien Tanguy Côme Aurélien Valentin Baptiste Yves Émile Gaspard
Jean-Michel Pierre-Yves Jean-Baptiste""")

LAST = _words("""Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre
Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller
Lefèvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin
Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire
Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez
Gérard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas
Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey Leclerc Payet Rolland Leclercq Guillaume Lecomte Lopez
Jean Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis Moulin Louis Deschamps Huet Vasseur Perez Boucher
Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles Renault Charpentier Ménard
Maillard Baron Bertin Bailly Hervé Schneider Fernandez Collet Léger Bouvier Julien Prévost Millet Perrot
Daniel Cousin Germain Breton Besson Langlois Rémy Pelletier Lévêque Perrier Leblanc Barré Lebrun Marchal
Weber Mallet Hamon Boulanger Jacob Monnier Michaud Rodriguez Guichard Gillet Étienne Grondin Poulain
Tessier Chevallier Collin Chauvin Bouchet Gay Lemaître Bénard Maréchal Humbert Reynaud Antoine Hoarau Perret
Barthélemy Cordier Pichon Lejeune Gilbert Lamy Delaunay Pasquier Carlier Laporte Vandenberghe Delattre
Deschepper Wojciechowski Nguyen Traoré Diallo Benali Haddad D'Hondt L'Hermite Le_Goff Le_Gall De_Oliveira
Da_Silva De_Backer Saint-Martin Dupont-Moretti Vanhoutte Lefebvre-Caron Ben_Salah""")

STREETS = _words(
    """rue de la République|rue Victor-Hugo|avenue Jean-Jaurès|rue Pasteur|rue du Général-de-Gaulle
place de l'Église|rue des Écoles|boulevard de la Liberté|rue Nationale|rue du Faubourg-d'Arras
rue des Tilleuls|allée des Peupliers|impasse du Moulin|chemin des Prés|rue Émile-Zola|rue Léon-Gambetta
rue du Maréchal-Foch|avenue de l'Hôpital|rue Sadi-Carnot|quai du Wault|rue Gustave-Delory|rue Solférino
résidence les Glycines|rue du Pont-à-Fourchon|rue de l'Abbé-Lemire|square Dutilleul|rue Roger-Salengro""",
    "|",
)

# INSEE code, postal code, name
HOMES = (
    ("59350", "59000", "LILLE"),
    ("59350", "59800", "LILLE"),
    ("59512", "59100", "ROUBAIX"),
    ("59599", "59200", "TOURCOING"),
    ("59009", "59650", "VILLENEUVE-D'ASCQ"),
    ("59178", "59500", "DOUAI"),
    ("59328", "59130", "LAMBERSART"),
    ("59378", "59700", "MARCQ-EN-BAROEUL"),
    ("59648", "59290", "WASQUEHAL"),
    ("59368", "59110", "LA MADELEINE"),
    ("59386", "59510", "HEM"),
    ("59017", "59280", "ARMENTIÈRES"),
)
BIRTHPLACES = (
    *(code for code, _, _ in HOMES),
    *("59183", "59606", "59122", "59392", "62041", "62498", "62119", "62193", "62160", "62765", "80021"),
    *("75110", "75056", "69123", "13055", "31555", "44109", "35238", "67482", "57463", "68224", "33063"),
    *("38185", "06088", "34172", "42218", "76351", "51454", "29019", "63113", "21231", "25056", "49007"),
    *("37261", "45234", "87085", "66136", "01053", "02691", "08105"),
)
CORSICA = ("2A004", "2A247", "2B033", "2B096")
OVERSEAS = ("97105", "97120", "97209", "97302", "97411", "97416")
ABROAD = ("99352", "99350", "99351", "99139", "99127", "99134", "99341", "99122", "99131", "99243", "99208")

PRACTICES = (
    "Cabinet médical des Lilas",
    "Maison de santé du Centre",
    "Cabinet du Parc",
    "SCM Médecins de la Deûle",
    "Cabinet médical Saint-Sauveur",
    "Maison de santé pluridisciplinaire",
)
