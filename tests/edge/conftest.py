from tests.accounts.conftest import citizen, staff

__all__ = ["citizen", "staff"]
