"""What every answer of the server is, as an object."""

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """An answer, or a part of one. Fields that a later server adds are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")
