"""Writes tests/golden/heads/ridge.txt and label_regressions.txt: small problems and scikit-learn's answers to them.

Format, numbers separated by white space: rows features outputs l2, the features, the targets, then on raw features the
weight (outputs, features) and the bias. ridge.txt has three problems: more rows than features, more features than rows,
and the first again with its mean squared leave-one-out errors (outputs) at the strengths 0.1, 10 and 1000 in place of
weight and bias. In label_regressions.txt 9 stands for a label that is not known.
"""

import pathlib

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge, RidgeCV
from sklearn.preprocessing import StandardScaler

FOLDER = pathlib.Path(__file__).parents[2] / "tests/golden/heads"
rng = np.random.default_rng(11)


def problem(rows, width, outputs):
    scales = np.exp(rng.normal(size=width))
    features = ((rng.normal(size=(rows, width)) + 2) * scales).astype(np.float32)
    signal = StandardScaler().fit_transform(features.astype(np.float64)) @ rng.normal(size=(width, outputs))
    return features, (signal + rng.normal(size=signal.shape) * 3 + 1).astype(np.float32)


def on_raw(scaler, coefficients, intercept):
    weight = np.atleast_2d(coefficients) / scaler.scale_
    return weight, np.atleast_1d(intercept) - weight @ scaler.mean_


def write(file, features, targets, l2, *answers):
    file.write(f"{len(features)} {features.shape[1]} {targets.shape[1]} {l2}\n")
    for table in (features, targets, *(np.atleast_2d(answer) for answer in answers)):
        for row in table:
            file.write(" ".join(f"{value:.9g}" for value in row) + "\n")


with (FOLDER / "ridge.txt").open("w") as file:
    tall = problem(30, 5, 2)
    for (features, targets), l2 in ((tall, 3.0), (problem(9, 14, 2), 20.0)):
        scaler = StandardScaler().fit(features.astype(np.float64))
        model = Ridge(alpha=l2, solver="cholesky").fit(scaler.transform(features), targets.astype(np.float64))
        write(file, features, targets, l2, *on_raw(scaler, model.coef_, model.intercept_))
    features, targets = tall
    scaled = StandardScaler().fit_transform(features.astype(np.float64))
    model = RidgeCV(alphas=[0.1, 10, 1000], store_cv_results=True).fit(scaled, targets.astype(np.float64))
    write(file, features, targets, 0, model.cv_results_.mean(axis=0).T)

with (FOLDER / "label_regressions.txt").open("w") as file:
    features, signal = problem(80, 6, 3)
    labels = (signal > np.median(signal, axis=0)).astype(np.float32)
    labels[::7, 1] = 9
    weights, biases = [], []
    for column in labels.T:
        known = column != 9
        scaler = StandardScaler().fit(features[known].astype(np.float64))
        model = LogisticRegression(C=1 / 2.0, tol=1e-10, max_iter=10000)
        model.fit(scaler.transform(features[known]), column[known])
        weight, bias = on_raw(scaler, model.coef_, model.intercept_)
        weights.append(weight[0])
        biases.append(bias[0])
    write(file, features, labels, 2.0, np.array(weights), np.array(biases))
