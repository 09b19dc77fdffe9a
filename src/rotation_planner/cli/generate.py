"""``rotation-planner generate``: a made-up scenario of any size."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

import rotation_planner as rp
from rotation_planner.cli import options
from rotation_planner.cli.console import say
from rotation_planner.cli.exits import ExitCode, guarded
from rotation_planner.cli.template import refuse_existing

NAME = "generate"


class Preset(StrEnum):
    """Whom the scenario is about."""

    DISTRICT = "district"
    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"
    NATION = "nation"
    CIVIL_SERVICE = "civil-service"
    RULE_BOOK = "rule-book"


class Tightness(StrEnum):
    """How hard it is to meet every duty."""

    TIGHT = "tight"
    LOOSE = "loose"
    SHORT = "short"


@guarded
def command(
    preset: Annotated[
        Preset,
        typer.Argument(
            help="district (300 cadres), county (4,005), prefecture (15,252), province (100,000), nation (1,000,000); "
            "civil-service, real posts of the UK; rule-book (80), a town under every kind of rule."
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder or file to write; must not exist.")
    ],
    cadres: Annotated[int | None, typer.Option(min=100, help="Another number of cadres.")] = None,
    seed: options.Seed = 0,
    tightness: Annotated[
        Tightness, typer.Option(help="tight: every duty can be met, barely; loose: easily; short: not.")
    ] = Tightness.TIGHT,
    broken: Annotated[str | None, typer.Option(metavar="NAME", help="Put in a named defect.")] = None,
    organisation: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of civil-service: its name as published, or all.")
    ] = None,
    armed_forces: Annotated[
        bool, typer.Option(help="Of civil-service: whether posts of the armed forces are in it.")
    ] = True,
) -> ExitCode:
    """Write a made-up scenario; the same arguments give the same one."""
    refuse_existing(output)
    try:
        if preset is Preset.CIVIL_SERVICE:
            scenario = _civil_service(cadres, seed, tightness, broken, organisation, armed_forces)
        elif organisation is not None or not armed_forces:
            raise ValueError(f"{preset.value} has no organisations and no armed forces")
        else:
            scenario = rp.generate(preset.value, cadres=cadres, seed=seed, tightness=tightness.value, broken=broken)
    except ValueError as error:
        problem = f"The generator refuses it: {error}."
        raise rp.InputError([rp.Defect("option", "", None, "", "", problem, "See --help.")]) from error
    rp.save(scenario, output)
    say(f"wrote {output}: {len(scenario['cadres']):,} cadres; next: rotation-planner plan {output} -o OUT")
    return ExitCode.OK


def _civil_service(
    cadres: int | None, seed: int, tightness: Tightness, broken: str | None, organisation: str | None, forces: bool
) -> rp.Scenario:
    if broken is not None:
        raise ValueError("no defects are put into the civil service")
    make = partial(rp.civil_service, seed=seed, cadres=cadres, tightness=tightness.value, armed_forces=forces)
    if organisation is None:
        return make()
    return make(None if organisation == "all" else organisation)
