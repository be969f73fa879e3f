"""What is kept: forgotten, and written out."""

from __future__ import annotations

from bot.core.talking import wording
from tests.dialogues.case import NOT_YOURS, PIER, URL, Case, Where, Who

UNKNOWN_ONE = "Nothing stored goes by “777”. See what there is with: list"
ERASED = "Erased: 1 posted article, 1 brief. Nothing of it is kept here any more."
ASKED = "How much did the repairs cost?"
ASKS = (f"ask {ASKED}",)
FORGETTING = (
    Case(typed="forget {number}", holds=(ERASED,), left=0),
    Case(typed=f"forget {URL}", holds=(ERASED,), left=0, where=Where.QUICK),
    Case(typed="forget mine", holds=(ERASED,), left=0),
    Case(
        typed="forget 777",
        says=UNKNOWN_ONE,
        refused=True,
        where=Where.QUICK,
    ),
    Case(typed="forget {number} 777", holds=("Nothing stored goes by “",), refused=True),
    Case(typed="forget {number}", says=NOT_YOURS, who=Who.ANYONE, where=Where.CHAT, refused=True),
    Case(
        typed="forget mine",
        says=wording.NOTHING_ERASED,
        who=Who.ANYONE,
        where=Where.CHAT,
        refused=True,
    ),
    Case(
        typed="forget mine",
        before=ASKS,
        his=True,
        says="Erased: 1 question with its answer. Nothing of it is kept here any more.",
        who=Who.ANYONE,
        where=Where.CHAT,
    ),
    Case(
        typed="forget",
        says="Something is missing. The whole command is: forget NUMBER|URL|mine|thread|channel",
        where=Where.SLACK,
        refused=True,
    ),
    Case(typed="forget thread", holds=(ERASED,), in_thread=True, left=0),
    Case(typed="forget thread", says=wording.NOTHING_IN_THREAD, where=Where.CHAT, refused=True),
    Case(
        typed="forget thread",
        says=wording.NOTHING_IN_THREAD,
        who=Who.ANYONE,
        in_thread=True,
        where=Where.CHAT,
        refused=True,
    ),
    Case(
        typed="forget channel",
        before=ASKS,
        holds=(
            "That erases all that is kept of this channel since 20",
            ": 1 posted article with its brief, 1 question with its answer, and what waits",
            "To do it, type: forget channel yes",
        ),
    ),
    Case(
        typed="forget channel yes",
        before=ASKS,
        holds=("Erased: 1 posted article, 1 brief, 1 question with its answer. Nothing of it is",),
        left=0,
    ),
    Case(
        typed="forget channel yes",
        before=("settings bullets 7",),
        holds=("Settings and the log of who changed them stay, and so does what I posted",),
        own={"bullets": 7},
        left=0,
        where=Where.SLACK,
    ),
    Case(typed="forget channel", says=NOT_YOURS, who=Who.ANYONE, where=Where.SLACK, refused=True),
    Case(
        typed="forget channel yes",
        says=NOT_YOURS,
        who=Who.ANYONE,
        where=Where.CHAT,
        refused=True,
    ),
)

EXPORTING = (
    Case(typed="export", holds=(PIER, "2.4 million pounds"), where=Where.QUICK),
    Case(typed="export mine markdown", holds=(f"## [{PIER}",), where=Where.QUICK),
    Case(typed="export json", holds=('"of": "channel"', f'"headline": "{PIER}"')),
    Case(typed="export mine", before=ASKS, his=True, holds=(PIER, "## Asked on 20", ASKED)),
    Case(
        typed="export mine",
        before=ASKS,
        his=True,
        holds=("## Asked on 20", ASKED),
        lacks=(f"## [{PIER}",),
        who=Who.ANYONE,
        where=Where.CHAT,
    ),
    Case(
        typed="export thread json",
        holds=('"of": "thread"', f'"headline": "{PIER}"'),
        in_thread=True,
    ),
    Case(
        typed="export thread json",
        says=wording.NOTHING_IN_THREAD,
        where=Where.CHAT,
        refused=True,
    ),
    Case(
        typed="export",
        says=wording.NOTHING_OF_YOURS,
        who=Who.ANYONE,
        where=Where.CHAT,
        refused=True,
    ),
    Case(
        typed="export mine json",
        says=wording.NOTHING_OF_YOURS,
        who=Who.ANYONE,
        where=Where.SLACK,
        refused=True,
    ),
    Case(
        typed="export",
        says=wording.EMPTY_LIST,
        empty=True,
        left=0,
        where=Where.SLACK,
        refused=True,
    ),
    Case(
        typed="export xml",
        says="export can be mine, thread, md, json, not “xml”.",
        where=Where.CHAT,
        refused=True,
    ),
    Case(
        typed="export xml",
        holds=("give export [mine|thread] [md|json]",),
        where=Where.TERMINAL,
        refused=True,
    ),
)
