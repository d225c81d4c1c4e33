"""What Bali Zero knows, found in milliseconds: rows with their sources, exact answers."""

from zantara.knowledge._knowledge import Knowledge
from zantara.knowledge._matching import WordMatch
from zantara.knowledge._rows import ExactAnswer, KnowledgeError, Passage, Row

__all__ = ["ExactAnswer", "Knowledge", "KnowledgeError", "Passage", "Row", "WordMatch"]
