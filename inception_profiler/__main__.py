"""``python -m inception_profiler``: all commands."""

from inception_profiler.cli.main import main

if __name__ == "__main__":
    main()
