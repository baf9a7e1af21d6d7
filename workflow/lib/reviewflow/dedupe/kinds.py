"""What a record says of the kind of its report: a notice on another report, a part, a conference abstract, a
translation."""

import re
from math import nan

# Words that make a document about another document: such a record never duplicates the one it is about. Most notices
# name themselves at the beginning or the end of a title; "Correction of anaemia" and "clot retraction" are matters of
# medicine. Web of Science writes "(vol 33, pg 1611, 2014)" behind the title of an erratum.
_NOTICE = {
    "erratum": re.compile(
        r"\b(?:erratum|errata|corrigend\w+)\b|^(?:publisher |author )?corrections?\b(?! of| in| for)"
        r"|^correction for .{1,80} et al\b|\bcorrection(?:s to.*)?$|\bvol \w+ (?:pg|p|art) .{1,20} (?:19|20)\d\d$"
        r"|(?:^| )(?:更正|勘误|勘誤|订正|补正)|(?:更正|勘误|勘誤)(?:启事|说明|表)?(?: |$)",
        re.MULTILINE,
    ),
    "retraction": re.compile(
        r"^(?:partial )?retraction\b|\bretraction (?:notice|note)\b|\bexpression of concern\b|^withdrawn\b"
        r"|(?:^| )撤稿|撤稿(?:声明|启事)?(?: |$)",
        re.MULTILINE,
    ),
    "reply": re.compile(
        r"\brepl(?:y|ies) (?:to|by|from)\b|\bauthors?(?: s)? (?:reply|response)\b|^(?:in )?(?:reply|response)$"
        r"|^(?:in )?reply\b|\breply$|\bresponse to (?:the |our )?(?:letters?|comments?|commentary|editor)\b"
        r"|^response to .{1,80} et al\b|(?:^| )(?:作者)?(?:答复|回复|答辩)(?: |$)|的(?:答复|回复)(?: |$)",
        re.MULTILINE,
    ),
    "comment": re.compile(
        r"\b(?:comments? on|commentary on|letter to the editor|comment|invited commentary)\b|^re\b|\bcommentary$"
        r"|(?:^| )(?:专家)?(?:述评|评述|点评|评论|读者来信|编者按)(?: |$)|与.{1,60}商榷|(?:点评|述评|商榷)(?: |$)",
        re.MULTILINE,
    ),
}
# One of these is in each that is in Latin letters; most titles have none, and that is quickly seen.
_NOTICE_SIGNS = ("errat", "corr", "retract", "withdrawn", "concern", "repl", "response", "comment", "letter", " vol ")
# How titles begin that return issue after issue, so that they do not tell one report from another.
_RECURRING = re.compile(
    r"(?:guest |introductory )?(?:editorial|editor s (?:note|choice|page)|from the editor|foreword|preface"
    r"|introduction|news|letters?|correspondence|book reviews?|journal club|in this issue|highlights|obituary"
    r"|in memoriam|announcements?|abstracts?|proceedings|literature watch|images? in|quiz|case records|index|contents"
    r"|calendar|president s page|卷首语|编者按|前言|序言|书评|读者来信|消息|简讯|会议纪要|征稿启事|病例讨论)(?: |$)"
)
# What a conference abstract has in its type, its pages ("MeetingAbstracts") or its issue, and in the journal's name.
CONFERENCE = r"(?i)conference|meeting|congress|abstracts?\b|proceedings|会议|年会|大会|研讨会|论坛|论文集|汇编|摘要"
CONFERENCE_NAMED = r"(?i)\b(?:conference|meeting|congress)\b|会议|年会|大会|研讨会|论坛|论文集|汇编"
_NUMERALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "one": 1, "two": 2, "three": 3, "four": 4}
_NUMERALS |= dict(zip("一二三四五六七八九十", range(1, 11), strict=True)) | {"上": 1, "中": 2, "下": 2}
_PART = re.compile(
    r"\b(?:(part|section|chapter|volume|no)|phase|study|paper) (\d{1,3}|i{1,3}|iv|vi?|one|two|three|four)\b"
)
_PART_WORDS = ("part ", "section ", "chapter ", "volume ", "no ", "phase ", "study ", "paper ")
# "(一)", "(上)", "(Ⅱ)" behind a Chinese title, "第二部分", "第3报".
_CHINESE_PART = re.compile(
    r"[\u4e00-\u9fff] ([一二三四五六七八九十上中下]|i{1,3}|iv|vi?)(?: |$)|之([一二三四五六七八九十])(?: |$)"
    r"|第([一二三四五六七八九十]|\d{1,2})(?:部分|报|篇|讲|章)",
    re.MULTILINE,
)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# A Cochrane review keeps the stem of its DOI over its updates, each of which is a report of its own.
_EDITION = "10.1002/14651858."
_COCHRANE = re.compile(r"(?:cd|mr)\d{4,6}")
_THESIS = re.compile(r"(?i)\bthes[ie]s\b|\bthes$|dissertation|学位论文")
# How journals of China are called in Latin letters.
_OF_CHINA = re.compile(
    r"zhong ?guo|zhong ?hua|chung-? ?(?:hua|kuo)|za ?zhi|tsa chih|xue ?bao|\bchin(?:ese|a)?\b", re.IGNORECASE
)
_ENGLISH = frozenset({"en", "eng", "english"})


def edition(doi: str) -> str:
    """The DOI of a Cochrane review, or ""."""
    return doi if doi.startswith(_EDITION) else ""


def cochrane(page: str) -> bool:
    """Whether a first page is the number of a Cochrane review, which its updates keep."""
    return bool(_COCHRANE.fullmatch(page))


def thesis(publication_type: str) -> bool:
    """Whether a type is that of a thesis."""
    return bool(_THESIS.search(publication_type))


def of_china(journal: str) -> bool:
    """Whether a journal is called as those of China are in Latin letters."""
    return bool(_OF_CHINA.search(journal))


def in_english(language: str) -> float:
    """1 where a record says that its report is in English and nothing else, 0 where it says another language, NaN
    where it says nothing."""
    plain = language.strip().casefold()
    return float(plain in _ENGLISH) if plain else nan


def telling_words(folded: str) -> int:
    """How many words a folded title has; two characters of a script without spaces count as one."""
    if folded.isascii():
        return folded.count(" ") + 1
    return len(_UNSPACED.sub(" ", folded).split()) + (len(_UNSPACED.findall(folded)) + 1) // 2


def recurring(folded: str) -> bool:
    """Whether one of folded titles, one a line, is of a kind that returns issue after issue."""
    return any(_RECURRING.match(title) for title in folded.split("\n"))


def notice(folded: str) -> str:
    """Kind of notice that folded titles, one a line, announce, or ""."""
    signs = any(sign in folded for sign in _NOTICE_SIGNS) or "\nre " in f"\n{folded}"
    if not signs and folded.isascii():
        return ""
    return next((kind for kind, pattern in _NOTICE.items() if pattern.search(folded)), "")


def part(folded: str) -> tuple[int, bool]:
    """Number of the part that a folded title names, or 0, and whether it is a part of a report in several; the phase
    of a trial tells reports apart, too, but may be left out."""
    found = _PART.search(folded) if any(word in folded for word in _PART_WORDS) else None
    chinese = None if folded.isascii() else _CHINESE_PART.search(folded)
    word = found.group(2) if found else next(filter(None, chinese.groups())) if chinese else ""
    return (_NUMERALS.get(word) or int(word), bool(chinese or (found and found.group(1)))) if word else (0, False)
