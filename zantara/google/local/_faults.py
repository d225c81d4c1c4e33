"""Answers that are not 200, in Google's own shape."""

import json

__all__ = ["Fault"]


class Fault(Exception):  # noqa: N818 - it is an answer, not a failure of ours
    """An HTTP error that the local Google answers with."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message

    def body(self) -> bytes:
        detail = {"message": self.message, "domain": "global", "reason": self.reason}
        error = {"code": self.status, "message": self.message, "errors": [detail]}
        return json.dumps({"error": error}).encode()
