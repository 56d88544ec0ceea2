"""What the function needs from its environment, checked once at cold start."""

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Field `x` is the variable `CUFIT_X` (cufit_contracts.environment)."""

    model_config = ConfigDict(frozen=True)

    env: str
    candidates_table: str
    knowledge_base_id: str
    data_source_id: str
