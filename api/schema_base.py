"""What every answer is made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Euros = Annotated[str, StringConstraints(pattern=r"^-?\d+\.\d\d$"), Field(examples=["18.55"])]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Said(BaseModel):
    """An answer."""

    model_config = ConfigDict(from_attributes=True)


class Asked(BaseModel):
    """A request: what it does not know, it refuses."""

    model_config = ConfigDict(extra="forbid")
