"""Buttons and menus, and what was pressed.

An action's id is `briefbot:<control>`, or `briefbot:more` for a menu, with a number behind it from
the second one of a message on; its value is what the control is about.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.core.talking.visible import one_line
from bot.model import Control
from bot.platforms.slack.text import cut, head, size

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.model import Controls
    from bot.platforms.slack.words import Confirm, Json, Words

PREFIX = "briefbot:"

_MENU = "more"
_LONGEST_LABEL = 75
_LONGEST_VALUE = 2000
_LONGEST_OPTION = 150
_FEWEST_OPTIONS, _MOST_OPTIONS = 2, 5
_MOST_ELEMENTS = 25


class Board:
    """Draws the controls of one message or view, and sees to it that no id comes twice."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._counts: Counter[str] = Counter()

    def row(self, controls: Controls) -> list[Json]:
        """Return the elements of one row: buttons, then what is folded.

        What asks before it acts stays a button, since a menu could only ask for all it holds.
        """
        shown = list(dict.fromkeys(controls.shown))
        rest = [one for one in dict.fromkeys(controls.folded) if one not in shown]
        folds = [one for one in rest if self._foldable(one, controls.about)]
        if len(folds) < _FEWEST_OPTIONS:
            folds = []
        shown += [one for one in rest if one not in folds]
        shown += folds[_MOST_OPTIONS:]
        elements = [self._button(one, controls.about) for one in shown]
        if folds:
            elements.append(self._menu(folds[:_MOST_OPTIONS], controls.about))
        return elements

    def block(self, elements: list[Json]) -> Json:
        """Put at most 25 elements into a block."""
        return {"type": "actions", "block_id": self._id("controls"), "elements": elements}

    def blocks(self, elements: list[Json]) -> list[Json]:
        """Put any number of elements into as few blocks as can be."""
        starts = range(0, len(elements), _MOST_ELEMENTS)
        return [self.block(elements[at : at + _MOST_ELEMENTS]) for at in starts]

    def _foldable(self, control: Control, about: str) -> bool:
        return control not in self._words.confirms and size(f"{control}:{about}") <= _LONGEST_OPTION

    def _id(self, name: str) -> str:
        self._counts[name] += 1
        count = self._counts[name]
        return PREFIX + (name if count == 1 else f"{name}:{count}")

    def _button(self, control: Control, about: str) -> Json:
        button: Json = {
            "type": "button",
            "action_id": self._id(control.value),
            "text": plain(self._label(control), _LONGEST_LABEL),
        }
        if about:
            button["value"] = head(about, _LONGEST_VALUE)
        if control in self._words.confirms:
            button["confirm"] = _dialog(self._words.confirms[control])
        return button

    def _menu(self, controls: Iterable[Control], about: str) -> Json:
        return {
            "type": "overflow",
            "action_id": self._id(_MENU),
            "options": [
                {
                    "text": plain(self._label(control), _LONGEST_LABEL),
                    "value": f"{control.value}:{about}",
                }
                for control in controls
            ],
        }

    def _label(self, control: Control) -> str:
        return self._words.labels.get(control, control.value)


def plain(text: str, most: int) -> Json:
    """Return a plain text on one line, of one character at least."""
    return {"type": "plain_text", "text": cut(one_line(text), most) or "–", "emoji": False}


def _dialog(confirm: Confirm) -> Json:
    return {
        "title": plain(confirm.title, 100),
        "text": plain(confirm.text, 300),
        "confirm": plain(confirm.yes, 30),
        "deny": plain(confirm.no, 30),
    }


def is_ours(action: Mapping[str, object]) -> bool:
    """Tell whether an action is that of a control of ours, now or in some other version."""
    return str(action.get("action_id", "")).startswith(PREFIX)


def pressed(action: Mapping[str, object]) -> tuple[Control, str] | None:
    """Return what an action of a `block_actions` payload means: the control, and what about.

    None for an action that is none of ours, or of a control that there is no more.
    """
    name, _, _ = str(action.get("action_id", "")).removeprefix(PREFIX).partition(":")
    about = str(action.get("value") or "")
    if name == _MENU:
        option = action.get("selected_option")
        value = str(option.get("value", "")) if isinstance(option, dict) else ""
        name, _, about = value.partition(":")
    if not str(action.get("action_id", "")).startswith(PREFIX) or name not in set(Control):
        return None
    return Control(name), about
