"""``python -m rotation_planner``."""

from rotation_planner.cli import main

if __name__ == "__main__":
    main()
