"""The words that turn the meaning of a title: two long titles that differ in one of them are of two reports."""

import re

# Words that stand against each other in titles of companion reports. Each is a mark by itself: a title has it or not.
_TURNING = (
    "men|women|males?|females?|boys|girls|mothers|fathers|without|before|after|early|late|short|long|high|low|higher"
    "|lower|left|right|upper|positive|negative|increase[sd]?|decrease[sd]?|increased|reduced|reduction|acute|chronic"
    "|primary|secondary|tertiary|children|adults?|adolescents|infants|systolic|diastolic|pre|post|pre ?operative"
    "|post ?operative|ante ?natal|post ?natal|inpatients?|outpatients?|urban|rural|proximal|distal|anterior|posterior"
    "|first|second|third|fourth|fifth|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|twenty|thirty"
    "|alpha|beta|gamma|delta|efficacy|safety|rationale|protocol|baseline|mortality|morbidity|benefits?|harms?"
    "|treatment|prevention|diagnosis|prognosis|outcomes?|incidence|prevalence"
)
# "hypoglycaemia" and "hyperglycaemia", "intra-" and "extra-".
_PREFIXED = "(?:hypo|hyper|intra|extra|inter|micro|macro|mono|poly|uni|bi)(?=[a-z]{4})"
# A letter or number behind the word that it numbers: "type II diabetes", "Part B".
_NUMBERED = r"(?:type|types|part|grade|stage|class|group|arm|hepatitis|vitamin|influenza|factor|cohort|trial|study) "
_MARK = re.compile(
    rf"\b(?:({_TURNING})\b|({_PREFIXED})|{_NUMBERED}([a-e]|\d{{1,2}}|i{{1,3}}|iv|vi{{0,3}})\b)|\b(i{{1,3}}|iv)$"
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}


def contrasts(folded: str) -> str:
    """The turning words of a folded title in the order of the alphabet, numbers in one form."""
    found = [turning or prefixed or number or last for turning, prefixed, number, last in _MARK.findall(folded)]
    return " ".join(sorted(_ROMAN.get(word, word.replace(" ", "").rstrip("s")) for word in found))


def turned(one: str, other: str) -> bool:
    """Whether two results of `contrasts` tell two reports apart: each has a word that the other has not, as where one
    was exchanged, or "without" stands in one alone. A word that only one has may have been left out."""
    if one == other:
        return False
    a, b = set(one.split()), set(other.split())
    return bool(a - b and b - a) or "without" in a ^ b
