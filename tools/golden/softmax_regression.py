"""Writes tests/golden/heads/softmax_regression.txt: a small problem and scikit-learn's converged answer to it.

Format, numbers separated by white space: rows features classes l2, the features, the labels, the weight on raw features
(classes, features), the bias (classes), the probabilities of the first ten rows.
"""

import pathlib

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

ROWS, FEATURES, CLASSES, L2 = 60, 6, 3, 2.0

rng = np.random.default_rng(7)
labels = rng.integers(0, CLASSES, ROWS)
centres = rng.normal(size=(CLASSES, FEATURES))
scales = np.array([1, 10, 0.1, 3, 1, 50])
features = ((rng.normal(size=(ROWS, FEATURES)) * 1.5 + centres[labels]) * scales + scales * 2).astype(np.float32)

scaler = StandardScaler().fit(features.astype(np.float64))
model = LogisticRegression(C=1 / L2, tol=1e-10, max_iter=10000).fit(scaler.transform(features), labels)
weight = model.coef_ / scaler.scale_
bias = model.intercept_ - weight @ scaler.mean_
probabilities = model.predict_proba(scaler.transform(features[:10]))

path = pathlib.Path(__file__).parents[2] / "tests/golden/heads/softmax_regression.txt"
with path.open("w") as file:
    file.write(f"{ROWS} {FEATURES} {CLASSES} {L2}\n")
    for table in (features, labels[None], weight, bias[None], probabilities):
        for row in table:
            file.write(" ".join(f"{value:.9g}" for value in row) + "\n")
