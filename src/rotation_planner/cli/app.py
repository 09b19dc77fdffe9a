"""The commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

import rotation_planner as rp
from rotation_planner.cli import (
    audit,
    check,
    clashes,
    convert,
    demo,
    forecast,
    generate,
    plan,
    presets,
    quotas,
    rules,
    template,
    verify,
)

app = typer.Typer(
    name="rotation-planner",
    help="Plan the five-year rotation training of a whole body of officials.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rotation-planner {rp.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


for _module in (
    demo, template, generate, check, audit, clashes, forecast, plan, verify, quotas, rules, presets, convert,
):
    app.command(_module.NAME)(_module.command)
