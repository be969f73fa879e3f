"""One table for every place: what is typed in Slack, in Matrix and at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dialogues.cases_digest import DIGEST
from tests.dialogues.cases_keeping import EXPORTING, FORGETTING
from tests.dialogues.cases_reading import ARTICLES, HELP
from tests.dialogues.cases_setting import SETTINGS, WORKSPACE

if TYPE_CHECKING:
    from tests.dialogues.case import Case, Where

CASES = (*ARTICLES, *FORGETTING, *EXPORTING, *HELP, *SETTINGS, *WORKSPACE, *DIGEST)


def cases(where: Where) -> list[Case]:
    """Return the cases of a place."""
    return [one for one in CASES if where in one.where]
