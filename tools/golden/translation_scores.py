"""Writes tests/golden/metrics/translation.txt: texts, references, and what sacrebleu and rouge_score say of them.

Three lines a pair: the text, the reference, and BLEU of the sentence (effective order), chrF, chrF++, ROUGE-L. The last
lines: the figures of all of them together, those of two texts with two references each (the test has them), and the three
signatures. Needs sacrebleu, rouge_score; see tools/parity/translation_figures.py.
"""
import pathlib

from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF

FILE = pathlib.Path(__file__).parents[2] / "tests/golden/metrics/translation.txt"
PAIRS = [
    ("A man in a blue shirt is standing on a ladder.", "A man in a blue shirt stands on a ladder cleaning a window."),
    ("Dois homens estão no fogão, preparando comida.", "Dois homens estão no fogão preparando a comida."),
    ("Ein kleines Mädchen klettert in ein Spielhaus", "Ein kleines Mädchen klettert in ein Spielhaus aus Holz."),
    ("It costs 1,000.50 US-$ (about 900-950 €).", "It costs 1,000.5 US-$; about 900-950€."),
    ("&quot;Hi&quot; <skipped> she said", '"Hi", she said'),
    ("", "nothing was said"), ("word", ""), ("", ""), ("word", "word"), ("one two", "one two"), ("...", "a ..."),
    ("日本語です。", "これは日本語です。"), ("\u00a0nbsp\u2009thin ", "nbsp thin"), ("İstanbul K2", "istanbul k2"),
    ("the the the the the the", "the cat"),
]


def figures(values):
    return " ".join(f"{value:.17g}" for value in values)


def main():
    rouge = rouge_scorer.RougeScorer(["rougeL"])
    metrics = [BLEU(effective_order=True), CHRF(), CHRF(word_order=2)]
    lines = []
    for said, right in PAIRS:
        scores = [metric.sentence_score(said, [right]).score for metric in metrics]
        lines += [said, right, figures([*scores, rouge.score(right, said)["rougeL"].fmeasure])]
    metrics[0] = BLEU()
    said, right = [pair[0] for pair in PAIRS], [[pair[1] for pair in PAIRS]]
    lines.append(figures(metric.corpus_score(said, right).score for metric in metrics))
    signatures = [str(metric.get_signature()) for metric in metrics]
    two = [["a b c", "x"], ["a b c d e", "the cat sat"]]
    lines.append(figures(metric.corpus_score(["a b c d", "the cat sat"], two).score for metric in metrics))
    FILE.write_text("\n".join([*lines, *signatures]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
