"""A local Maps: the published contract of Places (New) and Routes over a small gazetteer.

What it knows, how it estimates and what it does not do is in README.md beside this file.
"""

from zantara.maps.local._app import answer

__all__ = ["answer"]
