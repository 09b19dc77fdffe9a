"""Scenarios in and out: folders of CSV or Parquet, workbooks, JSON."""

from __future__ import annotations

from rotation_planner.io.checksum import checksum
from rotation_planner.io.load import examine, load
from rotation_planner.io.save import save
from rotation_planner.io.template import template

__all__ = ["checksum", "examine", "load", "save", "template"]
