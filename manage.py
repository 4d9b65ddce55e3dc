#!/usr/bin/env python
"""Entry point of every administrative command."""

import os
import sys


def main() -> None:
    """Run the command of the command line, on the embedded database when no other is configured."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.embedded import provide_database

    provide_database(sys.argv)

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
