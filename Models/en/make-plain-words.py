#!/usr/bin/env python3
"""Makes plain-words.txt, by which names are known in transcripts: a word that is neither plain nor the shop's is taken for a name;
and of the plain words given-words.txt and surname-words.txt, by which people are called too. In: SCOWL (Debian's package scowl), the
recogniser's dictionary, and the names of the US census of 1990, which are in the public domain (the source package of PyPI's
`names`). Out: sorted lists, a word a line.

    make-plain-words.py NAMES_FOLDER
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCOWL = Path("/usr/share/dict/scowl")
DICTIONARY = Path("/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict")

# Eaten, drunk or bought, so plain words although people are called so.
FOOD = set("basil berry brandy candy cherry clementine ginger hazel margarita marlin olive patty rosemary sage sherry".split())
GOODS = FOOD | set("amber coral crystal daisy fern garland ivory ivy jade jasmine jewel laurel lily pearl reed ruby violet".split())
# Written with a capital and no names of persons.
CAPITALS = set(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
    november december english american british french german italian spanish greek ukrainian russian polish turkish chinese japanese
    indian mexican korean thai vietnamese arabic european asian african irish scottish dutch swiss swedish hawaiian mediterranean
    christmas easter halloween internet facebook google america europe england britain london kyiv ukraine""".split()
)
# Contractions, which lists have among words with another ending or not at all.
PRONOUNS = (
    "i'm i'd i'll i've it's that's there's here's what's who's where's how's when's why's let's he's she's that'll that'd what're"
    " we're you're they're you'd you'll you've we'd we'll we've they'd they'll they've who'd who'll"
)
# How people speak, and what stands in no list.
SPOKEN = set("ok okay hmm mhm uh um er erm ah oh yeah yep nope nah hi hey wow oops kg km cm usb tv cd dvd faq pin atm".split())


def scowl(kinds, sizes):
    found = set()
    for kind in kinds:
        for size in sizes:
            path = SCOWL / f"{kind}.{size}"
            if path.exists():
                found |= set(path.read_text(encoding="latin-1").lower().split())
    return found


def census(folder, file, least):
    """Names that at least so many of a hundred people have."""
    rows = (line.split() for line in (Path(folder) / file).read_text().splitlines())
    return {row[0].lower() for row in rows if float(row[1]) >= least}


def main(folder):
    said = {line.split()[0].split("(")[0] for line in DICTIONARY.read_text().splitlines() if line}
    kinds = ["english-words", "american-words", "british-words"]
    contractions = scowl(["english-contractions", "american-contractions"], range(10, 61)) | set(PRONOUNS.split())
    everyday = scowl(kinds, [10, 20])
    words = scowl(kinds, [10, 20, 35, 40, 50]) & said
    given = {name for sex in ["male", "female"] for name in census(folder, f"dist.{sex}.first", 0.004) if len(name) > 2}
    surnames = census(folder, "dist.all.last", 0.01)
    # "john", "carol" and "martin" are words too, but hardly ever meant so.
    words -= given - everyday - GOODS
    plain = {
        word
        for word in words | contractions | CAPITALS | SPOKEN | GOODS
        if re.fullmatch(r"[a-z]+(?:'[a-z]+)?", word) and not word.endswith("'s")
    } | {word for word in PRONOUNS.split()}
    plain |= {word.replace("'", "") for word in contractions if "'" in word}
    # Nobody is "for long", and ginger is tea more often than a person.
    frequent = {name for sex in ["male", "female"] for name in census(folder, f"dist.{sex}.first", 0.02)}
    usual = {name for sex in ["male", "female"] for name in census(folder, f"dist.{sex}.first", 0.1)}
    called = frequent & plain - FOOD - (scowl(kinds, [10]) - usual)
    lists = {"plain-words.txt": plain, "given-words.txt": called, "surname-words.txt": surnames & plain}
    for name, found in lists.items():
        (HERE / name).write_text("".join(f"{word}\n" for word in sorted(found)))
        print(name, len(found))


if __name__ == "__main__":
    main(sys.argv[1])
