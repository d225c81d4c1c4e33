"""`python -m zantara.cli`, for when the script is not on the path."""

from zantara.cli import main

main()
