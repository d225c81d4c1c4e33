"""Answers that are not 200, in the shape of Google's newer APIs."""

__all__ = ["Fault"]

_STATUS = {400: "INVALID_ARGUMENT", 404: "NOT_FOUND", 501: "UNIMPLEMENTED"}


class Fault(Exception):  # noqa: N818 - it is an answer, not a failure of ours
    """An HTTP error that the local Maps answers with."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def body(self) -> dict[str, object]:
        error = {"code": self.status, "message": self.message, "status": _STATUS[self.status]}
        return {"error": error}
