"""What the tests draw with: our words, and posts and sheets of any kind."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.core.talking.wording import controls
from bot.model import (
    Bullets,
    Choice,
    Control,
    Controls,
    Field,
    FieldKind,
    Form,
    Heading,
    Item,
    Line,
    Post,
    Quote,
    Sheet,
)
from bot.platforms.slack.blocks import Confirm, Words

WORDS = Words(
    labels=controls.LABELS,
    confirms={
        Control.DELETE: Confirm(
            title="Delete this brief?",
            text="The brief goes from this thread. The link stays; brief it again whenever you "
            "like.",
            yes="Delete",
            no="Keep it",
        )
    },
    left_out=controls.left_out,
    send=controls.SEND,
    close=controls.CLOSE,
)

DANGERS = (
    "<!here>",
    "<!channel|all>",
    "<@U024BE7LH>",
    "<#C024BE7LR>",
    "<https://evil.example|Log in>",
    "https://evil.example/x",
    "mailto:a@evil.example",
    "@here @everyone",
    ":newspaper: :100:",
    "*bold* _it_ ~no~ `code` ```block```",
    "> quoted\n>>> all",
    "&lt;!here&gt; &amp; &",
    "a\u202eb\u2066c\u200b\ufeffd\u00ade",
    "م\u200cی\u200cخواهم 👩\u200d🚀",
    "\x00\x1b[31m\r\n\u2028",
    "x" * 5000,
    "👩" * 4000,
    "&" * 3000,
    " \n\t ",
    "",
)
_PIECES = st.one_of(st.sampled_from(DANGERS), st.text(max_size=40))
ANY = st.lists(_PIECES, max_size=3).map(" ".join)
URLS = st.one_of(
    st.none(),
    ANY,
    st.just("https://a.example/?a=1&b=2"),
    ANY.map(lambda tail: f"https://a.example/{tail}"),
)
WHO = st.one_of(st.just(""), st.just("U024BE7LH"), ANY)
CONTROLS = st.lists(st.sampled_from(Control), max_size=12).map(tuple)
ITEMS = st.builds(
    Item,
    text=ANY,
    places=st.lists(ANY, max_size=3).map(tuple),
    note=st.sampled_from(("", "*", "†", "<!here>")),
    struck=st.booleans(),
)
BLOCKS = st.one_of(
    st.builds(Heading, text=ANY, url=URLS, details=st.lists(ANY, max_size=3).map(tuple)),
    st.builds(Bullets, items=st.lists(ITEMS, max_size=9).map(tuple), first=st.integers(1, 9)),
    st.builds(Quote, place=ANY, quote=ANY, before=ANY, after=ANY, quiet=st.booleans()),
    st.builds(Line, text=ANY, quiet=st.booleans(), who=WHO, url=URLS.map(lambda url: url or "")),
    st.builds(
        Controls,
        about=st.one_of(st.just("12"), st.text(max_size=300)),
        shown=CONTROLS,
        folded=CONTROLS,
    ),
)


def _few_controls(blocks: tuple) -> tuple:
    """Leave as many controls as a message with twenty links has."""
    first = [at for at, block in enumerate(blocks) if isinstance(block, Controls)][:20]
    return tuple(
        block for at, block in enumerate(blocks) if not isinstance(block, Controls) or at in first
    )


def _many(blocks: st.SearchStrategy) -> st.SearchStrategy:
    """A few of each, or very many of the same few."""
    few = st.lists(blocks, max_size=6)
    return st.tuples(few, st.sampled_from((1, 1, 30))).map(
        lambda drawn: _few_controls(tuple(drawn[0]) * drawn[1])
    )


POSTS = _many(BLOCKS).map(lambda blocks: Post(blocks=blocks))
FIELDS = st.builds(
    Field,
    name=st.just("field"),
    label=ANY,
    kind=st.sampled_from(FieldKind),
    value=st.one_of(ANY, st.sampled_from(("5", "-3", "09:00", "25:00", "a"))),
    choices=st.one_of(
        st.just(()),
        st.lists(st.builds(Choice, value=ANY, label=ANY), max_size=7).map(tuple),
        st.integers(90, 350).map(
            lambda many: tuple(Choice(value=str(n), label=f"Number {n}") for n in range(many))
        ),
    ),
    least=st.integers(-5, 5),
    most=st.integers(-5, 50),
    hint=ANY,
    optional=st.booleans(),
)
SHEETS = st.builds(
    Sheet,
    title=ANY,
    blocks=st.tuples(_many(BLOCKS), st.lists(FIELDS, max_size=5)).map(
        lambda parts: (
            *parts[0],
            *(_named(field, number) for number, field in enumerate(parts[1])),
        )
    ),
    form=st.one_of(st.none(), st.sampled_from(Form)),
    context=st.text(max_size=200),
    send=ANY,
)


def _named(field: Field, number: int) -> Field:
    return Field(
        **{name: getattr(field, name) for name in Field.__slots__ if name != "name"},
        name=f"field{number}",
    )
