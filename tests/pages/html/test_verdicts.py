"""What a page is said to be, from its HTML."""

from __future__ import annotations

import pytest

from bot.model import Verdict
from bot.pages.html.extract import extract
from tests.pages.html.pages import BODY, json_ld, page

URL = "https://sample-post.com/2025/05/ferry-at-night-4711"


def shell(body, title="Sample", head=""):
    return f"<html lang=en><head><title>{title}</title>{head}</head><body>{body}</body></html>"


BOT_WALLS = [
    shell("<h1>Checking your browser</h1><p>This takes a few seconds.</p>", "Just a moment..."),
    shell("<p>Please verify you are human by completing the captcha below.</p>"),
    shell("<h1>Access to this page has been denied</h1><p>Reference 0.123</p>"),
]
SHELLS = [
    shell("<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>"),
    shell("<div id='__next'></div><script src='/a.js'></script>"),
]
CONSENT = shell(
    "<div><h2>We value your privacy</h2>"
    "<p>We and our 812 partners store cookies on your device to show personalised advertising.</p>"
    "<p>You can accept all cookies or choose which of our partners may process your data.</p>"
    "<p>Your consent can be withdrawn at any time in the privacy settings.</p>"
    "<button>Accept all</button></div>"
)
CARD = (
    "<div class=card><h3><a href='/{n}'>A headline about island matter number {n}</a></h3>"
    "<p><a href='/{n}'>A teaser line of moderate length, linked as well, number {n}.</a></p></div>"
)
FRONT = shell(
    "<main>" + "".join(CARD.format(n=n) for n in range(30)) + "</main>", "The Sample Post"
)
VIDEO = shell(
    "<h1>Ferry in the storm</h1><div class=player></div><p>Watch the video of the ferry.</p>",
    head="<meta property='og:type' content='video.other'>",
)
PAID = json_ld(
    **{
        "@type": "NewsArticle",
        "headline": "Island ferry to run at night",
        "isAccessibleForFree": False,
        "wordCount": 1200,
    }
)


@pytest.mark.parametrize("html", BOT_WALLS)
def test_bot_walls(html):
    assert extract(html, URL).verdict is Verdict.BOT_WALL


@pytest.mark.parametrize("html", SHELLS)
def test_empty_frames_need_javascript(html):
    assert extract(html, URL).verdict is Verdict.NEEDS_JAVASCRIPT


def test_an_article_that_only_scripts_would_show_needs_javascript():
    head = "<meta property='og:type' content='article'>"
    html = shell("<div class=page></div><script>show({})</script>", head=head)
    assert extract(html, URL).verdict is Verdict.NEEDS_JAVASCRIPT


def test_a_page_that_is_only_a_consent_notice():
    assert extract(CONSENT, URL).verdict is Verdict.CONSENT_WALL


def test_a_front_page_is_not_an_article():
    assert extract(FRONT, "https://sample-post.com/").verdict is Verdict.NOT_AN_ARTICLE


def test_a_video_without_text_is_not_an_article():
    assert extract(VIDEO, URL).verdict is Verdict.NOT_AN_ARTICLE


def test_a_paywalled_opening_is_a_teaser_with_its_share():
    reading = extract(page(head=PAID, paragraphs=BODY[:3]), URL)
    assert reading.verdict is Verdict.TEASER
    assert reading.article.paragraphs == tuple(BODY[:3])
    assert 0 < reading.share < 0.2


def test_a_teaser_says_how_much_remains_where_the_page_does():
    left = "<p class='paywall'>Il vous reste 65.5% de cet article à lire.</p>"
    left += "<p class='paywall'>La suite est réservée aux abonnés.</p>"
    html = page(head=PAID.replace('"wordCount": 1200', '"wordCount": 0'), paragraphs=BODY[:3])
    reading = extract(html.replace("</article>", f"</article>{left}"), URL)
    assert reading.verdict is Verdict.TEASER
    assert reading.share == pytest.approx(0.345)


def test_a_whole_article_behind_a_declared_paywall_is_an_article():
    long = [f"{text} It was long." for text in BODY] * 4
    html = page(head=PAID.replace("1200", "700"), paragraphs=long)
    assert extract(html, URL).verdict is Verdict.ARTICLE


def test_an_article_about_captchas_and_cookies_is_an_article():
    about = [
        "Researchers asked how often people are made to solve a captcha to prove they are human.",
        "Cookies and consent banners were the second subject of their study, which ran for a year.",
    ]
    assert extract(page(paragraphs=about + BODY), URL).verdict is Verdict.ARTICLE
