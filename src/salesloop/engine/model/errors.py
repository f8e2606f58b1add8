"""Errors that a person sees: what is wrong, where, and what to do, in their language; never a traceback."""

from __future__ import annotations

from salesloop.engine.model.text import DEFAULT_LANG, Lang, Message, Messages

WHERE = ("file", "sheet", "row", "column", "value")
_MESSAGES = Messages("salesloop.engine.model")


class UserError(Exception):
    """A mistake that the user can mend.

    `where` names the place in the user's own material: `file`, `sheet`, `row` (1-based as the user sees it), `column`,
    `value`. `str(error)` is zh-Hans; `error.text(lang)` any language.
    """

    def __init__(self, message: Message, **where: object) -> None:
        unknown = set(where) - set(WHERE)
        if unknown:
            raise TypeError(f"UserError knows no place called {sorted(unknown)}; use {WHERE}")
        super().__init__(message.key)
        self.message = message
        self.where = {name: value for name, value in where.items() if value is not None}

    @property
    def key(self) -> str:
        return self.message.key

    @property
    def params(self) -> dict[str, object]:
        return dict(self.message.params)

    def text(self, lang: Lang = DEFAULT_LANG) -> str:
        """The sentence, followed by the place where the sentence itself does not name it."""
        sentence = self.message.text(lang)
        places = [
            _MESSAGES.say(f"where_{name}", lang, value=self.where[name])
            for name in WHERE
            if name in self.where and name not in self.message.params
        ]
        if not places:
            return sentence
        return _MESSAGES.say("sentence_with_place", lang, sentence=sentence, place=" · ".join(places))

    def __str__(self) -> str:
        return self.text()
