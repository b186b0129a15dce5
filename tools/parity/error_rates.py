"""Holds word and character errors against jiwer on 10,000 random pairs.

Usage: python tools/parity/error_rates.py [BUILD-FOLDER]     (needs jiwer)

Words come from a few, so that they repeat, with odd blanks, accents, signs and letters of other scripts; half of the
transcripts are references that were disturbed. Edits and lengths must be equal in every pair, and so are the rates.
"""
import pathlib
import random
import subprocess
import sys
import tempfile

import jiwer

ROOT = pathlib.Path(__file__).parents[2]
PAIRS = 10_000
WORDS = ["one", "two", "three", "One", "não", "na\u0303o", "it's", "日本", "a", "I", "x\ty", "\u00a0", "e\u2003f", "?!", "", " ",
         "\x1c", "ß", "\U0001f600"]


def text(rng):
    return rng.choice([" ", "  ", " ", "\t", " \t "]).join(rng.choice(WORDS) for _ in range(rng.randrange(9)))


def pair(rng):
    right = text(rng)
    if rng.random() < 0.5:
        return text(rng), right
    words = right.split(" ")
    for _ in range(rng.randrange(4)):
        at = rng.randrange(len(words))
        words[at:at + 1] = rng.choice([[], [words[at]] * 2, [rng.choice(WORDS)]]) or [""]
    return " ".join(words), right


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/release")
    rng = random.Random(1)
    pairs = [pair(rng) for _ in range(PAIRS)]
    with tempfile.TemporaryDirectory() as work:
        program = pathlib.Path(work) / "error_rates"
        libraries = [str(build / f"libenxerto_{name}.a") for name in ("metrics", "base")]
        subprocess.run(["g++", "-std=c++20", "-O2", f"-I{ROOT}", str(ROOT / "tools/parity/error_rates.cpp"), *libraries,
                        "-lfmt", "-lre2", "-lxxhash", "-lcrypto", "-lpthread", "-o", str(program)], check=True)
        lines = f"{PAIRS}\n" + "".join(f"{said}\n{right}\n" for said, right in pairs)
        found = subprocess.run([str(program)], input=lines.encode(), capture_output=True, check=True).stdout.decode()
    different = 0
    for (said, right), line in zip(pairs, found.splitlines()):
        words, characters = jiwer.process_words(right, said), jiwer.process_characters(right, said)
        theirs = [number for one in (words, characters)
                  for number in (one.substitutions + one.deletions + one.insertions, len(one.references[0]))]
        if theirs != [int(number) for number in line.split()]:
            different += 1
            print(f"{said!r} for {right!r}: jiwer {theirs}, here {line}")
    rates = [jiwer.wer([r for _, r in pairs], [s for s, _ in pairs]), jiwer.cer([r for _, r in pairs], [s for s, _ in pairs])]
    rows = [[int(number) for number in line.split()] for line in found.splitlines()]
    ours = [sum(row[0] for row in rows) / sum(row[1] for row in rows), sum(row[2] for row in rows) / sum(row[3] for row in rows)]
    print(f"{different} of {PAIRS} pairs differ; WER {ours[0]!r} (jiwer {rates[0]!r}), CER {ours[1]!r} (jiwer {rates[1]!r})")
    sys.exit(1 if different or ours != rates else 0)


main()
