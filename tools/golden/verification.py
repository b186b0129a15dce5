"""Writes tests/golden/metrics/pairs.txt, folded_pairs.txt and identification.txt: scores with ties, and what scikit-learn,
SciPy, SpeechBrain's and facenet's formulas say of them.

Format, numbers separated by white space. pairs: the number of pairs, scores, truths; the number of points of scikit-learn's
ROC (drop_intermediate=False), their thresholds (without the first, which is infinite), false and true accept rates; area,
equal error rate (SciPy's brentq on the line between the points), minDCF (1, 1, 0.01); then for each of three rates of false
accepts threshold, rate, true accept rate. folded_pairs: pairs, squared distances, truths, fold numbers; thresholds and
accuracies by fold, their mean, standard error, then true and false accept rate of the wanted rate 0.01 (facenet's
calculate_val; numpy's interp in the place of interp1d, which no longer takes equal rates). identification: probes and
identities, the scores (probes, identities), own identity (-1: a stranger); the match characteristic of three ranks; then for
each of three rates of false identifications the rate that is reached and the identifications; then those without the strangers,
where each probe is one, of the others.
"""

import pathlib

import numpy as np
from scipy.interpolate import interp1d
from scipy.optimize import brentq
from sklearn import metrics

FOLDER = pathlib.Path(__file__).parents[2] / "tests/golden/metrics"
rng = np.random.default_rng(15)


def write(name, tables):
    with (FOLDER / name).open("w") as file:
        for table in tables:
            for row in table:
                file.write(" ".join(f"{value:.17g}" for value in row) + "\n")


def at_rate(far, tar, thresholds, rate):
    last = np.flatnonzero(far <= rate)[-1]
    return thresholds[last], far[last], tar[last]


def figures(scores, same):
    far, tar, thresholds = metrics.roc_curve(same, scores, drop_intermediate=False)
    eer = brentq(lambda x: 1.0 - x - interp1d(far, tar)(x), 0.0, 1.0, xtol=1e-14)
    cost = np.min(0.01 * (1 - tar) + 0.99 * far)
    rates = [at_rate(far, tar, thresholds, rate) for rate in (0.1, 0.02, 0.5)]
    return [thresholds[1:], far, tar], [metrics.roc_auc_score(same, scores), eer, cost], rates


def pairs(count=160):
    same = (rng.random(count) < 0.4).astype(int)
    scores = np.round(rng.normal(size=count) + 1.2 * same, 1).astype(np.float32) / np.float32(8)
    curve, values, rates = figures(scores, same)
    write("pairs.txt", [[[count], scores, same, [len(curve[1])]], curve, [values], rates])


def accuracy(threshold, distances, same):
    return np.mean(np.less(distances.astype(np.float64), threshold) == same)


def rate(threshold, distances, same, of):
    return np.sum(np.less(distances.astype(np.float64), threshold) & (same == of)) / np.sum(same == of)


def folded(folds=10, half=15):
    same = np.tile(np.repeat([True, False], half), folds)
    fold = np.repeat(np.arange(folds), 2 * half)
    distances = np.round(np.clip(rng.normal(1.4, 0.4, len(same)) - 0.6 * same, 0, 3.9), 2).astype(np.float32)
    grid, fine = np.arange(0, 4, 0.01), np.arange(0, 4, 0.001)
    thresholds, accuracies, trues, falses = [], [], [], []
    for number in range(folds):
        train, test = fold != number, fold == number
        best = grid[np.argmax([accuracy(t, distances[train], same[train]) for t in grid])]
        thresholds.append(best)
        accuracies.append(accuracy(best, distances[test], same[test]))
        far = np.array([rate(t, distances[train], same[train], False) for t in fine])
        threshold = np.interp(0.01, far, fine) if far.max() >= 0.01 else 0.0
        trues.append(rate(threshold, distances[test], same[test], True))
        falses.append(rate(threshold, distances[test], same[test], False))
    error = np.std(accuracies, ddof=1) / np.sqrt(folds)
    write(
        "folded_pairs.txt",
        [
            [[len(same)], distances, same.astype(int), fold, thresholds, accuracies],
            [[np.mean(accuracies), error, np.mean(trues), np.mean(falses)]],
        ],
    )


def identification(probes=60, identities=6):
    own = rng.integers(-1, identities, probes)
    scores = rng.normal(0.2, 0.2, (probes, identities))
    scores[own >= 0, own[own >= 0]] += 0.35
    scores = np.round(scores, 2).astype(np.float32)
    known = own >= 0
    mine = np.where(known, scores[np.arange(probes), own], -np.inf)
    others = scores.copy()
    others[np.flatnonzero(known), own[known]] = -np.inf
    ranks = 1 + np.sum(others >= mine[:, None], axis=1)
    characteristic = [np.mean(ranks[known] <= k) for k in (1, 2, 3)]
    rows = []
    for strangers in (~known, known):
        best = others[strangers].max(axis=1)
        for wanted in (0.05, 0.1, 0.5):
            allowed = [t for t in np.unique(np.append(best, np.nextafter(best, np.float32(np.inf)))) if np.mean(best >= t) <= wanted]
            threshold = min(allowed)
            rows.append([np.mean(best >= threshold), np.mean((ranks == 1)[known] & (mine[known] >= threshold))])
    write("identification.txt", [[[probes, identities]], scores, [own, characteristic], rows])


pairs()
folded()
identification()
