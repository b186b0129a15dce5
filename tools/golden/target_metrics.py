"""Writes tests/golden/metrics/multi_label.txt, regression.txt and roc_auc.txt: answers, targets and what scikit-learn and
SciPy say of them.

Format, numbers separated by white space. multi_label: rows labels, the probabilities, the targets, subset accuracy, log
loss, mean average precision, mean ROC AUC, label ranking average precision weighted by labels, d', then macro and micro precision, recall, F1, then of each label precision,
recall, F1, support, average precision, ROC AUC. regression: rows values, the predictions, the targets, mean R2, then of
each value MAE, its 95 % interval, RMSE, R2, mean, MAE and RMSE of the mean. roc_auc: rows, the
scores, the truths, ROC AUC.
"""

import pathlib

import numpy as np
from scipy import stats
from sklearn import metrics

FOLDER = pathlib.Path(__file__).parents[2] / "tests/golden/metrics"
rng = np.random.default_rng(23)


def write(name, tables):
    with (FOLDER / name).open("w") as file:
        for table in tables:
            for row in table:
                file.write(" ".join(f"{value:.9g}" for value in row) + "\n")


def multi_label(rows=40, labels=5):
    targets = (rng.random((rows, labels)) < [0.5, 0.3, 0.1, 0.7, 0.4]).astype(int)
    logits = rng.normal(size=(rows, labels)) + 2.0 * targets - 1
    probabilities = np.round(1 / (1 + np.exp(-logits)), 1).astype(np.float32)  # rounded: equal scores happen, 0 and 1 too
    named = (probabilities >= 0.5).astype(int)
    columns = range(labels)
    losses = [metrics.log_loss(targets[:, i], probabilities[:, i], labels=[0, 1]) for i in columns]
    precisions = [metrics.average_precision_score(targets[:, i], probabilities[:, i]) for i in columns]
    areas = [metrics.roc_auc_score(targets[:, i], probabilities[:, i]) for i in columns]
    scores = metrics.precision_recall_fscore_support(targets, named, zero_division=0)
    means = [
        metrics.precision_recall_fscore_support(targets, named, average=kind, zero_division=0)[:3]
        for kind in ("macro", "micro")
    ]
    summary = [metrics.accuracy_score(targets, named), np.mean(losses), np.mean(precisions), np.mean(areas),
               metrics.label_ranking_average_precision_score(targets, probabilities, sample_weight=targets.sum(axis=1)),
               np.sqrt(2) * stats.norm.ppf(np.mean(areas))]
    per_label = np.transpose([*scores, precisions, areas])
    write("multi_label.txt", ([[rows, labels]], probabilities, targets, [summary], means, per_label))


def interval(values):
    half = stats.t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values))
    return max(np.mean(values) - half, 0), np.mean(values) + half


def regression(rows=30, values=3):
    targets = (rng.normal(size=(rows, values)) * [1, 20, 0.01] + [0, 300, -1]).astype(np.float32)
    predictions = (targets + rng.normal(size=(rows, values)) * [0.3, 9, 0.02]).astype(np.float32)
    truth, said = targets.astype(float), predictions.astype(float)
    per_value = []
    for i in range(values):
        error = said[:, i] - truth[:, i]
        mean = np.full(rows, truth[:, i].mean())
        per_value.append([
            metrics.mean_absolute_error(truth[:, i], said[:, i]), *interval(abs(error)),
            metrics.root_mean_squared_error(truth[:, i], said[:, i]),
            metrics.r2_score(truth[:, i], said[:, i]), mean[0],
            metrics.mean_absolute_error(truth[:, i], mean), metrics.root_mean_squared_error(truth[:, i], mean),
        ])
    write("regression.txt", ([[rows, values]], predictions, targets, [[metrics.r2_score(truth, said)]], per_value))


def roc_auc(rows=50):
    truths = (rng.random(rows) < 0.4).astype(int)
    scores = np.round(rng.random(rows) * 0.7 + truths * 0.3, 2).astype(np.float32)
    write("roc_auc.txt", ([[rows]], [scores], [truths], [[metrics.roc_auc_score(truths, scores)]]))


multi_label()
regression()
roc_auc()
