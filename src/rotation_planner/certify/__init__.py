"""Bounds that anyone can recompute from scenario and prices, in exact integers and without a solver."""

from rotation_planner.certify.blocks import InBlocks, OwnPrices, pack, unpack
from rotation_planner.certify.bound import proved_bound
from rotation_planner.certify.certificate import Certificate, Statement, fingerprint, state
from rotation_planner.certify.file import read_certificate, write_certificate
from rotation_planner.certify.recompute import Certified, certify, recompute
from rotation_planner.program.prices import Prices

__all__ = [
    "Certificate", "Certified", "InBlocks", "OwnPrices", "Prices", "Statement", "certify", "fingerprint", "pack",
    "proved_bound", "read_certificate", "recompute", "state", "unpack", "write_certificate",
]
