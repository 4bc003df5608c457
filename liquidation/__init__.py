"""From a feuille de soins to amounts, each with its trace. Pure and deterministic."""

from liquidation.liquidate import liquidate
from liquidation.version import CODE_VERSION

__all__ = ["CODE_VERSION", "liquidate"]
