"""What every answer is made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Euros = Annotated[str, StringConstraints(pattern=r"^-?\d+\.\d\d$"), Field(examples=["18.55"])]


class Said(BaseModel):
    """An answer."""

    model_config = ConfigDict(from_attributes=True)
