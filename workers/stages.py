"""A stage's name -> its function. Their order is in domain/flow.py alone."""

from workers.judging import lire
from workers.paying import liquider, ordonnancer
from workers.runner import Stage
from workers.sealing import archiver
from workers.sorting import trier

STAGES: dict[str, Stage] = {
    "trier": trier,
    "lire": lire,
    "archiver": archiver,
    "liquider": liquider,
    "ordonnancer": ordonnancer,
}
