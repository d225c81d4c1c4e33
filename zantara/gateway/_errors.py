"""What the gateway raises."""

__all__ = ["BrokenOffError", "ModelUnavailableError", "SettingError"]


class SettingError(ValueError):
    """A setting names something that is not there; the message says what is accepted."""


class ModelUnavailableError(RuntimeError):
    """No candidate of the role answered; the message says what each of them said."""


class BrokenOffError(ModelUnavailableError):
    """The answer broke off after its first piece. `shown` was handed on, and no other follows it."""

    def __init__(self, why: str, shown: str) -> None:
        super().__init__(why)
        self.shown = shown
