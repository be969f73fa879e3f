"""A writer whose words can be foretold."""

from collections.abc import Sequence

from bot.core.language.detect import untranslated
from bot.core.writing.evidence import evidence, texts
from bot.model import Answer, Article, Brief, Bullet, Method, Part, Question, Voice
from bot.ports import Leave


class FakeWriter:
    """Briefs with the first paragraphs of the body, one a bullet; answers with its first paragraph.

    `briefed`, `asked`, `wished` and `left` hold what it was called with.
    """

    def __init__(self) -> None:
        self.briefed: list[Article] = []
        self.asked: list[Question] = []
        self.wished: list[str | None] = []
        self.left: list[Leave | None] = []

    async def brief(
        self,
        article: Article,
        *,
        bullets: int,
        own_wording: bool = False,
        language: str | None = None,
        leave: Leave | None = None,
    ) -> Brief:
        self.briefed.append(article)
        self.wished.append(language)
        self.left.append(leave)
        from_leads = bool(article.lead_bullets) and not own_wording
        part = Part.LEAD_BULLET if from_leads else Part.BODY
        found = [
            Bullet(
                text=text.removesuffix("."),
                evidence=(evidence(article, part, paragraph, 0, len(text)),),
            )
            for part, paragraph, text in texts(article, part)
        ]
        return Brief(
            version=article.version,
            method=Method.PUBLISHER if from_leads else Method.EXTRACTIVE,
            bullets=tuple(found if from_leads else found[:bullets]),
            warnings=untranslated(article, language),
        )

    async def answer(
        self,
        articles: Sequence[Article],
        question: Question,
        *,
        language: str | None = None,
        leave: Leave | None = None,
    ) -> Answer:
        self.asked.append(question)
        self.wished.append(language)
        self.left.append(leave)
        article = next((one for one in articles if one.paragraphs), None)
        if article is None:
            return Answer(voice=Voice.ABSENT, text="")
        first = article.paragraphs[0]
        quote = evidence(article, Part.BODY, 0, 0, len(first))
        return Answer(
            voice=Voice.SAYS,
            text=first,
            quotes=(quote,),
            confidence=1.0,
            warnings=untranslated(article, language),
        )
