"""What a child of the cage may take. A hostile file gets no more than this."""

import json
from dataclasses import asdict, dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes.

    `resident` is watched by the parent; `address_space` is a wide net behind it, since what is
    reserved is always far more than what is touched. `margin` is what a child may touch between two
    looks: it is stopped at `resident - margin`, so that the whole stays under `resident`.
    """

    seconds_a_page: float = 60.0
    max_seconds: float = 900.0
    start_seconds: float = 60.0
    resident: int = 1024 * MIB
    margin: int = 64 * MIB
    address_space: int = 3072 * MIB
    file_size: int = 256 * MIB
    scratch: int = 256 * MIB
    open_files: int = 256
    processes: int = 128
    result_bytes: int = 16 * MIB
    blob_bytes: int = 256 * MIB
    documents: int = 200

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Limits":
        return cls(**json.loads(text))
