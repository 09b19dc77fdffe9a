"""The command ``rotation-planner``."""


def main() -> None:
    """Entry point of the command ``rotation-planner``."""
    from rotation_planner.cli.app import app  # here, so that importing one command's file does not import all

    app()
