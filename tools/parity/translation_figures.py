"""Holds BLEU, chrF, chrF++ and ROUGE-L against sacrebleu and rouge_score on all pairs of Multi30k.

Usage: python tools/parity/translation_figures.py MULTI30K-FOLDER [BUILD-FOLDER]     (needs sacrebleu, rouge_score)

The folder has train.en.gz, train.de.gz, train.fr.gz .. Texts are held against references as they are (German against
French), shuffled, disturbed word by word, some of them empty, of one word, and with odd characters. Prints the largest
differences of the whole figure and of single sentences; fails above 1e-9.
"""
import gzip
import pathlib
import random
import subprocess
import sys
import tempfile

from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF

ROOT = pathlib.Path(__file__).parents[2]
LIMIT = 1e-9
ODD = ["", " ", "a", "é", "1,000.5-6 US-$", "&quot;Hi&amp;lt;&quot; <skipped> (x)", "日本語 です。", "İstanbul K 3-4",
       "\u00a0nbsp\u2009thin ", "...", "a.b,c 1.b a,1", "{[~`]}|\\^_", "e\u0301 \U0001f600 x\u200b", "it's 'quoted'"]


def lines(path):
    return gzip.open(path, "rt", encoding="utf-8", newline="\n").read().split("\n")[:-1]


def disturbed(texts, seed):
    rng = random.Random(seed)
    result = []
    for text in texts:
        words = text.split(" ")
        for _ in range(rng.randrange(4)):
            at = rng.randrange(len(words))
            words[at:at + 1] = rng.choice([[], [words[at]] * 2, [rng.choice(words)], [words[at].lower()]]) or [""]
        result.append(" ".join(words))
    return result


def build(build_folder, out):
    libraries = [str(build_folder / f"libenxerto_{name}.a") for name in ("metrics", "base")]
    command = ["g++", "-std=c++20", "-O2", f"-I{ROOT}", str(ROOT / "tools/parity/translation_figures.cpp"), *libraries]
    subprocess.run([*command, "-lfmt", "-lre2", "-lxxhash", "-lcrypto", "-lpthread", "-o", str(out)], check=True)


def ours(program, pairs):
    text = f"{len(pairs)}\n" + "".join(f"{said}\n{right}\n" for said, right in pairs)
    run = subprocess.run([str(program)], input=text.encode(), capture_output=True, check=True)
    rows = [[float(value) for value in line.split()] for line in run.stdout.decode().splitlines()]
    return rows[0], rows[1:]


def theirs(pairs, single):
    said, right = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    rouge = rouge_scorer.RougeScorer(["rougeL"])
    rouges = [rouge.score(r, s)["rougeL"].fmeasure for s, r in pairs]
    whole = [metric.corpus_score(said, [right]).score for metric in (BLEU(), CHRF(), CHRF(word_order=2))]
    metrics = [BLEU(effective_order=True), CHRF(), CHRF(word_order=2)]
    each = [[metric.sentence_score(s, [r]).score for metric in metrics] + [one]
            for (s, r), one in zip(pairs[:single], rouges)]
    return [*whole, sum(rouges) / len(rouges)], each


def main(folder, build_folder):
    english, german, french = (lines(folder / f"train.{name}.gz") for name in ("en", "de", "fr"))
    rng = random.Random(5)
    shuffled = list(english)
    rng.shuffle(shuffled)
    holes = [rng.choice(["", "word", text]) for text in english]
    ways = {
        "German against French": list(zip(german, french)),
        "English against itself": list(zip(english, english)),
        "disturbed": list(zip(disturbed(french, 3), french)),
        "shuffled": list(zip(shuffled, english)),
        "empty and one-word texts": list(zip(holes, english)),
        "empty and one-word references": list(zip(english, holes)),
        "odd characters": [(one, other) for one in ODD for other in ODD],
        "none": [("", "a b c d"), ("", "")],
        "one short": [("a b", "a b")],
    }
    worst = 0.0
    with tempfile.TemporaryDirectory() as work:
        program = pathlib.Path(work) / "translation_figures"
        build(build_folder, program)
        print("| texts | pairs | BLEU | chrF | chrF++ | ROUGE-L | largest difference | of a sentence |\n" + "|---" * 8 + "|")
        for name, pairs in ways.items():
            whole, each = theirs(pairs, 3000)
            figures, sentences = ours(program, pairs)
            difference = max(abs(a - b) for a, b in zip(figures, whole))
            single = max(abs(a - b) for row, other in zip(sentences, each) for a, b in zip(row, other))
            worst = max(worst, difference, single)
            shown = " | ".join(f"{value:.4f}" for value in figures)
            print(f"| {name} | {len(pairs):,} | {shown} | {difference:.1e} | {single:.1e} |", flush=True)
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "build/release"))
