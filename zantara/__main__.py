"""`python -m zantara` is the command line."""

from zantara.cli import main

if __name__ == "__main__":
    main()
