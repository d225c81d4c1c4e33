"""What a call does, and what each of its arguments is: the words that the policy is written in."""

from enum import StrEnum

__all__ = ["Effect", "Kind", "Outcome", "strictest"]


class Effect(StrEnum):
    """What a call does to the world.

    read: nothing. keep: writes the user's own memory. create: makes a thing that nobody else sees.
    change: alters a thing. delete: removes one. invite: creates or changes what others are told of or
    can read. send: words or files leave. delegate: another model gets a task; its own calls count.
    """

    READ = "read"
    KEEP = "keep"
    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    INVITE = "invite"
    SEND = "send"
    DELEGATE = "delegate"


class Kind(StrEnum):
    """What an argument is.

    target: the thing acted on, by id or by words. recipient: who is reached. name: what a thing is to
    be called. label: a short text such as a subject. place: where people are to come. text: free text.
    query: words to search for. Two are found by the gate itself: link, an address inside a text;
    request, whether the user asked for such a thing at all.
    """

    TARGET = "target"
    RECIPIENT = "recipient"
    NAME = "name"
    LABEL = "label"
    PLACE = "place"
    TEXT = "text"
    TIME = "time"
    OPTION = "option"
    QUERY = "query"
    LINK = "link"
    REQUEST = "request"


class Outcome(StrEnum):
    """What the policy lets a call do, from the mildest to the strictest."""

    RUN = "run"
    ASK = "ask"
    WARN = "warn"
    REFUSE = "refuse"


def strictest(*outcomes: Outcome) -> Outcome:
    """The strictest of `outcomes`; `run` when there are none."""
    order = list(Outcome)
    return max(outcomes, key=order.index, default=Outcome.RUN)
