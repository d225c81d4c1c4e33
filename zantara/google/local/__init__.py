"""A local Google over SQLite: the published contract of Calendar and Gmail, in this process.

What it checks, what it behaves like and what it does not do is in README.md beside this file.
"""

from zantara.google.local._app import LocalGoogle

__all__ = ["LocalGoogle"]
