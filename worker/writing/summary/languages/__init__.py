"""The languages that a summary can be written in."""

from worker.writing.summary.languages import english, french, german, spanish
from worker.writing.summary.typesetting import typeset
from worker.writing.summary.words import Words

LANGUAGES: dict[str, Words] = {
    words.code: words for words in (english.WORDS, german.WORDS, typeset(french.WORDS), spanish.WORDS)
}
