"""Where foreign bytes are decoded: a pool of children under limits, and what they may be asked."""

from cage.limits import Limits
from cage.pool import Pool

__all__ = ["Limits", "Pool"]
