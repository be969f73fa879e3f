"""Every error that Briefbot raises on purpose.

    BriefbotError
    ├── UsageError             what was asked cannot be done as asked
    │   ├── UnknownSetting     no setting has this name
    │   ├── BadSetting         a setting's value is outside its bounds
    │   ├── SettingsClash      a setting's value does not go with another setting
    │   ├── Locked             a setting holds for the whole workspace
    │   ├── Incomplete         a command lacks what must follow it
    │   ├── NothingStored      a question, a proof or a forget before anything was read
    │   ├── NoSuchArticle      nothing stored matches this address or number
    │   ├── NoSuchBullet       the brief has no bullet of this number
    │   ├── TextGone           the article's text is no longer kept, only its brief
    │   ├── NoSuchJob          no job that failed has this number
    │   ├── NotAllowed         only those who look after a channel may do that
    │   ├── AdminsOnly         only those who look after the whole workspace may do that
    │   ├── NoSuchWorkspace    nothing was ever kept of a workspace of this name
    │   ├── TooManyQuestions   more questions than the channel allows a person an hour
    │   └── UnknownCommand     no command has this word
    ├── SourceError            a file or standard input could not be taken
    │   ├── SourceMissing      no such file, or no right to read it
    │   ├── SourceEmpty        nothing in it
    │   ├── SourceDamaged      a backup that is none, or not as it was made
    │   └── SourceTooLarge     over the cap
    ├── StoreError             what is kept cannot be reached
    │   ├── StoreUnreachable   the file cannot be opened: path, permissions, not a database's folder
    │   ├── StoreReadOnly      opened, but this user may not write
    │   ├── StoreCorrupt       not a database, or a damaged one
    │   ├── StoreTooNew        written by a newer Briefbot
    │   ├── StoreBusy          locked for longer than the time-out
    │   ├── StoreNotEmpty      holds something already, where everything was to be copied to
    │   └── DiskFull           no room for what was to be kept
    ├── PlatformError          a place where people talk could not be talked to
    │   ├── Throttled          asked to wait; nothing was posted
    │   ├── NotSent            no connection; nothing was posted
    │   ├── Unsure             sent, and no answer came: it may have been posted
    │   └── Rejected           refused for good: no such channel, no right to post
    ├── ModelError             a model did not do what it was asked
    │   ├── ModelUnreachable   no connection, or its server broke
    │   ├── ModelThrottled     asked to wait
    │   ├── ModelTimedOut      no whole answer within the deadline
    │   ├── ModelDeclined      it would not
    │   ├── ModelBroken        what it wrote is not of the form asked for
    │   │   └── ModelSilent    its server answered without a word
    │   ├── ModelRejected      refused for good: key, name of the model, parameters
    │   ├── ModelTooLong       more text than it takes
    │   └── NoLeave            it may not be asked: private text, or the budget is spent
    ├── NotAccepted            an event could not be taken in: a bug of ours
    ├── WorkTaken              another process does the work of this store
    └── ConfigurationError     the settings do not fit together

Errors carry data, never wording: `core.talking.wording` turns each into one sentence that says
what happened and what to do. A page that cannot be read is no error but a `model.Reading` with
its verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class BriefbotError(Exception):
    """The root of the tree."""


class UsageError(BriefbotError):
    """What was asked cannot be done as asked."""


class UnknownSetting(UsageError):
    """No setting has this name; `line` is the command that was meant, or empty."""

    def __init__(self, name: str, known: Sequence[str], line: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.known = tuple(known)
        self.line = line


class BadSetting(UsageError):
    """A setting's value is outside its bounds; `line` is the command that was meant, or empty."""

    def __init__(self, name: str, value: str, allowed: str, line: str = "") -> None:
        super().__init__(name, value, allowed)
        self.name = name
        self.value = value
        self.allowed = allowed
        self.line = line


class SettingsClash(UsageError):
    """A setting's value is more than that of another."""

    def __init__(self, name: str, value: str, other: str, most: str) -> None:
        super().__init__(name, value, other, most)
        self.name = name
        self.value = value
        self.other = other
        self.most = most


class Locked(UsageError):
    """A setting holds for the whole workspace; `value` is what it is there."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(name, value)
        self.name = name
        self.value = value


class Incomplete(UsageError):
    """A command lacks what must follow it; `usage` shows the whole of it."""

    def __init__(self, usage: str) -> None:
        super().__init__(usage)
        self.usage = usage


class NothingStored(UsageError):
    """A question, a proof or a forget before anything was read."""


class NoSuchArticle(UsageError):
    """Nothing stored matches this address, number or text."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


class NoSuchBullet(UsageError):
    """The brief has no bullet of this number; `total` is how many it has."""

    def __init__(self, number: str, total: int) -> None:
        super().__init__(number, total)
        self.number = number
        self.total = total


class TextGone(UsageError):
    """The article's text is no longer kept, only its brief."""


class NoSuchJob(UsageError):
    """No job that failed has this number."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class UnknownCommand(UsageError):
    """No command has this word; `meant` is the one that it comes closest to, or empty.

    `line` is the whole command that was meant.
    """

    def __init__(self, word: str, meant: str = "", line: str = "") -> None:
        super().__init__(word, meant)
        self.word = word
        self.meant = meant
        self.line = line or meant


class NotAllowed(UsageError):
    """Only those who look after a channel may do that."""


class AdminsOnly(UsageError):
    """Only those who look after the whole workspace may do that."""


class NoSuchWorkspace(UsageError):
    """Nothing was ever kept of a workspace of this name; `known` are those that there are."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(name)
        self.name = name
        self.known = tuple(known)


class TooManyQuestions(UsageError):
    """More questions than the channel allows a person an hour; `most` is how many it allows."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class SourceError(BriefbotError):
    """A file or standard input could not be taken."""

    def __init__(self, source: str, detail: str = "") -> None:
        super().__init__(source, detail)
        self.source = source
        self.detail = detail


class SourceMissing(SourceError):
    """No such file, or no right to read it."""


class SourceEmpty(SourceError):
    """Nothing in it."""


class SourceDamaged(SourceError):
    """A backup that is none, or not as it was made; `detail` names what does not fit."""


class SourceTooLarge(SourceError):
    """Over the cap; `detail` holds the cap in bytes."""


class StoreError(BriefbotError):
    """What is kept cannot be reached; `path` is its file or address, `user` who tried."""

    def __init__(self, path: str, user: str = "", detail: str = "") -> None:
        super().__init__(path, user, detail)
        self.path = path
        self.user = user
        self.detail = detail


class StoreUnreachable(StoreError):
    """The file cannot be opened."""


class StoreReadOnly(StoreError):
    """Opened, but this user may not write."""


class StoreCorrupt(StoreError):
    """Not a database, or a damaged one."""


class StoreTooNew(StoreError):
    """Written by a newer Briefbot; `detail` holds its schema revision."""


class StoreBusy(StoreError):
    """Locked for longer than the time-out."""


class StoreNotEmpty(StoreError):
    """Holds something already, where everything was to be copied to."""


class DiskFull(StoreError):
    """No room for what was to be kept."""


class PlatformError(BriefbotError):
    """A place where people talk could not be talked to; `detail` is a word of its protocol."""

    def __init__(self, platform: str, detail: str = "") -> None:
        super().__init__(platform, detail)
        self.platform = platform
        self.detail = detail


class Throttled(PlatformError):
    """Asked to wait for `after` seconds; nothing was posted."""

    def __init__(self, platform: str, after: float) -> None:
        super().__init__(platform, f"{after:g} s")
        self.after = after


class NotSent(PlatformError):
    """No connection; nothing was posted."""


class Unsure(PlatformError):
    """Sent, and no answer came: it may have been posted."""


class Rejected(PlatformError):
    """Refused for good; trying again would bring the same."""


class ModelError(BriefbotError):
    """A model did not do what it was asked; `detail` is a word of the protocol, never its text."""

    def __init__(self, model: str, detail: str = "") -> None:
        super().__init__(model, detail)
        self.model = model
        self.detail = detail


class ModelUnreachable(ModelError):
    """No connection, or its server broke; trying again may help."""


class ModelThrottled(ModelError):
    """Asked to wait for `after` seconds."""

    def __init__(self, model: str, after: float) -> None:
        super().__init__(model, f"{after:g} s")
        self.after = after


class ModelTimedOut(ModelError):
    """No whole answer within the deadline."""


class ModelDeclined(ModelError):
    """It would not: a refusal, or a filter of its server."""


class ModelBroken(ModelError):
    """What it wrote is not of the form asked for, or was cut off."""


class ModelSilent(ModelBroken):
    """Its server answered, and sent nothing; some do so where the text is too long."""


class ModelRejected(ModelError):
    """Refused for good: the key, the name of the model, or a parameter."""


class ModelTooLong(ModelError):
    """More text than it takes."""


class NoLeave(ModelError):
    """It may not be asked; `detail` says why: private, workspace_spent, channel_spent."""


class NotAccepted(BriefbotError):
    """An event could not be taken in; what broke is its cause."""


class WorkTaken(BriefbotError):
    """Another process does the work of this store; `holder` is its process number, if known."""

    def __init__(self, path: str, holder: str = "") -> None:
        super().__init__(path, holder)
        self.path = path
        self.holder = holder


class ConfigurationError(BriefbotError):
    """The settings do not fit together; `names` are the variables at fault."""

    def __init__(self, problem: str, names: Sequence[str] = ()) -> None:
        super().__init__(problem, tuple(names))
        self.problem = problem
        self.names = tuple(names)
