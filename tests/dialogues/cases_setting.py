"""What a channel sets, and what its workspace does."""

from __future__ import annotations

from bot.core.talking import wording
from tests.dialogues.case import LENGTHS, NOT_YOURS, PIER, TRIED, Case, Where, Who

NO_ADMIN = (
    "Only my admins can set what holds in every channel: whoever is named in BRIEFBOT_ADMINS."
)
LOCKED = (
    "bullets is 4 in the whole workspace and can't be set in one channel. My admins can change "
    "that: settings all bullets unlock."
)
SETTINGS = (
    Case(typed="settings", holds=(f"bullets = 5 · ({LENGTHS})", "language = article")),
    Case(
        typed="settings mode",
        says="mode = reaction · (off, mention, reaction, automatic)",
        where=Where.QUICK,
    ),
    Case(typed="settings bullets 8", says="bullets: 5 -> 8", own={"bullets": 8}),
    Case(
        typed="settings bullets = 8",
        says="bullets: 5 -> 8",
        own={"bullets": 8},
        where=Where.QUICK,
    ),
    Case(
        typed="Settings “bullets”: long.",
        says="bullets: 5 -> 8",
        own={"bullets": 8},
        where=Where.QUICK,
    ),
    Case(
        typed="set length to short",
        says="bullets: 5 -> 3",
        own={"bullets": 3},
        where=Where.QUICK,
    ),
    Case(
        typed="settings bullets 3",
        says="bullets: 5 -> 3",
        own={"bullets": 3},
        who=Who.ANYONE,
        where=Where.QUICK,
    ),
    Case(
        typed="settings bullets 8",
        says=NOT_YOURS,
        who=Who.ANYONE,
        where=Where.CHAT,
        refused=True,
    ),
    Case(
        typed="settings bullets 8",
        before=("settings bullets 8",),
        says=wording.ALREADY_SO,
        own={"bullets": 8},
        where=Where.QUICK,
    ),
    Case(
        typed="settings bullets",
        before=("settings bullets 8",),
        says=f"bullets = 8 · ({LENGTHS}; set here)",
        own={"bullets": 8},
        where=Where.QUICK,
    ),
    Case(
        typed="settings bullets default",
        before=("settings bullets 8",),
        says="bullets: 8 -> 5 (default)",
        where=Where.QUICK,
    ),
    Case(
        typed="settings bullets 9",
        says=f"bullets can be {LENGTHS}, not “9”.",
        refused=True,
    ),
    Case(
        typed="settings mode autmatic",
        says="mode can be off, mention, reaction, automatic, not “autmatic”. Did you mean "
        "“settings mode automatic”?",
        refused=True,
        where=Where.QUICK,
    ),
    Case(
        typed="settings bulets 8",
        says="There is no setting “bulets”. Did you mean “settings bullets 8”?",
        refused=True,
        where=Where.QUICK,
    ),
    Case(
        typed="settings xyzzy 8",
        holds=("There is no setting “xyzzy”. There are: ",),
        refused=True,
        where=Where.QUICK,
    ),
    Case(
        typed="settings digest_least 6",
        says="digest_least can be at most 5 here, as digest_most is, not 6. Change digest_most "
        "first, or both at once.",
        refused=True,
        where=Where.QUICK,
    ),
    Case(
        typed="settings mode automatic try",
        says=f"{TRIED} mode: reaction -> automatic\nI brief every link that is posted, up to 10 "
        "messages an hour.",
    ),
    Case(
        typed="settings mode automatic try",
        says=NOT_YOURS,
        who=Who.ANYONE,
        where=Where.SLACK,
        refused=True,
    ),
    Case(
        typed="settings own_wording yes try",
        holds=(f"{TRIED} own_wording: no -> yes", wording.AS_IT_WOULD_LOOK, PIER),
        where=Where.QUICK,
    ),
    Case(
        typed="settings log",
        before=("settings bullets 7", "language es"),
        holds=("language article → es", "bullets 5 → 7"),
        own={"bullets": 7, "language": "es"},
    ),
    Case(typed="language", says="language = article · (article, en, es, fr, it, nl, pt)"),
    Case(typed="language French", says="language: article -> fr", own={"language": "fr"}),
    Case(
        typed="language = español",
        says="language: article -> es",
        own={"language": "es"},
        where=Where.QUICK,
    ),
    Case(
        typed="language frensh",
        says="language can be article, en, es, fr, it, nl, pt, not “frensh”. Did you mean "
        "“settings language fr”?",
        refused=True,
        where=Where.QUICK,
    ),
    Case(
        typed="language klingon",
        says="language can be article, en, es, fr, it, nl, pt, not “klingon”.",
        refused=True,
        where=Where.QUICK,
    ),
    Case(
        typed="language fr",
        says=NOT_YOURS,
        who=Who.ANYONE,
        where=Where.CHAT,
        refused=True,
    ),
    Case(typed="length", says=f"bullets = 5 · ({LENGTHS})"),
    Case(typed="length long", says="bullets: 5 -> 8", own={"bullets": 8}),
    Case(
        typed="length 2",
        says=f"bullets can be {LENGTHS}, not “2”.",
        refused=True,
    ),
    Case(
        typed="length 8 try",
        holds=(f"{TRIED} bullets: 5 -> 8", wording.AS_IT_WOULD_LOOK, PIER),
    ),
    Case(
        typed="length 8 try",
        says=f"{TRIED} bullets: 5 -> 8\nBullets of a brief: 8.\n{wording.NO_BRIEF_TO_SHOW}",
        empty=True,
        left=0,
        where=Where.QUICK,
    ),
)

WORKSPACE = (
    Case(typed="settings all", holds=("What holds in every channel",), who=Who.ADMIN),
    Case(
        typed="settings all bullets 4",
        says=NO_ADMIN,
        where=Where.CHAT,
        refused=True,
    ),
    Case(
        typed="settings all bullets 4 try",
        says=NO_ADMIN,
        who=Who.ANYONE,
        where=Where.SLACK,
        refused=True,
    ),
    Case(
        typed="settings all bullets 4",
        holds=("bullets: 5 (default) -> 4\nIt changed in 1 of 1 channel.\n", ": 5 -> 4"),
        who=Who.ADMIN,
    ),
    Case(
        typed="settings all bullets 4",
        before=("settings bullets 8",),
        says="bullets: 5 (default) -> 4\nIt changed in 0 of 1 channel, 1 keeps its own.",
        own={"bullets": 8},
        who=Who.ADMIN,
        where=Where.QUICK,
    ),
    Case(
        typed="settings all mode automatic try",
        holds=(
            f"{TRIED} mode: reaction (default) -> automatic\n",
            "It would change in 1 of 1 channel, 1 of them louder.\n",
        ),
        who=Who.ADMIN,
        where=Where.QUICK,
    ),
    Case(
        typed="settings bullets",
        before=("settings all bullets 4",),
        says=f"bullets = 4 · ({LENGTHS}; the workspace's)",
        where=Where.QUICK,
    ),
    Case(
        typed="settings bullets 3",
        before=("settings all bullets 4 lock",),
        says=LOCKED,
        refused=True,
    ),
    Case(
        typed="settings bullets 3",
        before=("settings all bullets 4 lock",),
        says=LOCKED,
        who=Who.ADMIN,
        refused=True,
        where=Where.QUICK,
    ),
    Case(
        typed="settings bullets",
        before=("settings bullets 8", "settings all bullets 4 lock"),
        says=f"bullets = 4 · ({LENGTHS}; locked for the workspace)",
        own={"bullets": 8},
        where=Where.QUICK,
    ),
    Case(
        typed="settings bullets 3",
        before=("settings all bullets 4 lock", "settings all bullets unlock"),
        says="bullets: 4 -> 3",
        own={"bullets": 3},
        where=Where.QUICK,
    ),
    Case(
        typed="settings all log",
        before=("settings all bullets 6 lock",),
        holds=("bullets 5 (default) → 6 (locked)",),
        who=Who.ADMIN,
    ),
    Case(
        typed="settings all bulets 4",
        says="There is no setting “bulets”. Did you mean “settings all bullets 4”?",
        who=Who.ADMIN,
        refused=True,
        where=Where.QUICK,
    ),
)
