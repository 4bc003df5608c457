"""What a stage needs: the store, the cage, and the law (read once)."""

from dataclasses import dataclass, field
from datetime import date, datetime

from cage.pool import Pool
from law import Law, load
from store.clock import now, today
from store.house import Store


@dataclass(frozen=True, slots=True)
class House:
    store: Store
    cage: Pool
    law: Law = field(default_factory=load)

    @property
    def today(self) -> date:
        """The civil day of law, deadlines and prescription."""
        return today(self.store.settings)

    @property
    def now(self) -> datetime:
        """The machine's clock, for what is not law."""
        return now()
