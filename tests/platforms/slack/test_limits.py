"""Whatever is to be said, Slack takes it, and nothing in it can do anything."""

from __future__ import annotations

from hypothesis import Phase, given, settings

from bot.platforms.slack import views
from bot.platforms.slack.blocks import message
from tests.lengths import length
from tests.platforms.slack import limits
from tests.platforms.slack.drawing import POSTS, SHEETS, WORDS
from tests.standins.slack.blocks import message_blocks, view_form

# without making an example smaller, which takes minutes with texts of this size
QUICK = settings(
    deadline=None, max_examples=length(20, 40), phases=(Phase.explicit, Phase.reuse, Phase.generate)
)


@QUICK
@given(POSTS)
def test_any_post_is_taken(post):
    blocks, text = message(post, WORDS)
    limits.check_message(blocks, text)
    message_blocks(blocks)


@QUICK
@given(SHEETS)
def test_any_sheet_is_taken(sheet):
    for surface, view in (("modal", views.modal(sheet, WORDS)), ("home", views.home(sheet, WORDS))):
        limits.check_view(view)
        view_form(view, surface)
