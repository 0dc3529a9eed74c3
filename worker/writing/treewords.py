"""The words of the page that shows who led to whom, a language at a time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TreeWords:
    """One language; sentences with {slots}."""

    title: str
    people: str
    owed: str
    yes_of: str
    deep: str
    not_asked: str
    empty: str


TREE_WORDS = {
    "en": TreeWords(
        title="Who led to whom",
        people="People, each with those they led to",
        owed="Still owed",
        yes_of="{yes} of {asked} asked said yes",
        deep="{deep} deep",
        not_asked="nobody asked yet",
        empty="No contacts yet.",
    ),
    "de": TreeWords(
        title="Wer zu wem führte",
        people="Menschen, jeweils mit denen, zu denen sie führten",
        owed="Hier steht ein Dank noch aus",
        yes_of="{yes} von {asked} Gefragten sagten zu",
        deep="Tiefe {deep}",
        not_asked="noch niemand gefragt",
        empty="Noch keine Kontakte.",
    ),
    "fr": TreeWords(
        title="Qui a mené à qui",
        people="Les personnes, chacune avec celles auxquelles elle a mené",
        owed="Encore à remercier",
        yes_of="{yes} oui sur {asked}",
        deep="profondeur {deep}",
        not_asked="personne n’a encore été contacté",
        empty="Pas encore de contacts.",
    ),
    "es": TreeWords(
        title="Quién llevó a quién",
        people="Personas, cada una con aquellas a las que llevó",
        owed="Agradecimientos pendientes",
        yes_of="{yes} de {asked} dijeron que sí",
        deep="profundidad {deep}",
        not_asked="aún no se ha contactado a nadie",
        empty="Aún no hay contactos.",
    ),
}
