"""The independent verifier: re-checks a plan in domain terms. It imports the domain only."""

from rotation_planner.verify.findings import LedgerRow, Verification
from rotation_planner.verify.verifier import verify

__all__ = ["LedgerRow", "Verification", "verify"]
