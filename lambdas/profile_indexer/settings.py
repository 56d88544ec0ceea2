"""What the function needs from its environment."""

from cufit_contracts.environment import FromEnvironment


class Settings(FromEnvironment):
    candidates_table: str
    knowledge_base_id: str
    data_source_id: str
