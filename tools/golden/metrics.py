"""Writes tests/golden/metrics/classification.txt: probabilities, labels and what scikit-learn says of them.

Format, numbers separated by white space: rows classes, the probabilities, the labels, then accuracy, its 95 % Wilson
interval, top-5 accuracy and log loss, then precision, recall, F1 and support of each class, their macro averages,
the confusion matrix, and Cohen's kappa.
"""

import pathlib

import numpy as np
from scipy.stats import binomtest
from sklearn import metrics

ROWS, CLASSES = 40, 7

rng = np.random.default_rng(11)
labels = rng.integers(0, CLASSES, ROWS)
logits = rng.normal(size=(ROWS, CLASSES)) + 1.2 * np.eye(CLASSES)[labels]
probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
probabilities[0] = np.arange(CLASSES) * 1e-9  # nearly certain and wrong: the clipping shows
probabilities[0, (labels[0] + 1) % CLASSES] = 1
probabilities = probabilities.astype(np.float32)
predicted = probabilities.argmax(1)
interval = binomtest(int((predicted == labels).sum()), ROWS).proportion_ci(0.95, "wilson")
per_class = metrics.precision_recall_fscore_support(labels, predicted, labels=range(CLASSES), zero_division=0)
macro = metrics.precision_recall_fscore_support(labels, predicted, average="macro", zero_division=0)

path = pathlib.Path(__file__).parents[2] / "tests/golden/metrics/classification.txt"
with path.open("w") as file:
    file.write(f"{ROWS} {CLASSES}\n")
    for table in (
        probabilities,
        labels[None],
        [[metrics.accuracy_score(labels, predicted), interval.low, interval.high]],
        [[metrics.top_k_accuracy_score(labels, probabilities, k=5), metrics.log_loss(labels, probabilities)]],
        np.transpose(per_class),
        [macro[:3]],
        metrics.confusion_matrix(labels, predicted),
        [[metrics.cohen_kappa_score(labels, predicted)]],
    ):
        for row in table:
            file.write(" ".join(f"{value:.9g}" for value in row) + "\n")
