#!/usr/bin/env python3
"""Holds the answers to questions against transformers' post-processing and SQuAD's evaluation, on logits of a head that
has learned nothing.

    python3 tools/parity/questions.py ENXERTO BACKBONE REFERENCE QUESTIONS.json ..

    (needs transformers with tokenizers 0.22.2, onnxruntime, numpy; BACKBONE is a folder of Hugging Face, such as
    all-MiniLM-L6-v2; REFERENCE a folder with utils_qa.py of transformers' examples/pytorch/question-answering, and
    squad_v1.py and squad_v2.py, which are metrics/squad/compute_score.py and metrics/squad_v2/compute_score.py of
    huggingface/evaluate; QUESTIONS are files of SQuAD 1.1, such as xquad.en.json and xquad.es.json)

A span head with random weights is saved with the backbone and exported. The windows are made by the fast tokenizer
(return_overflowing_tokens), run in ONNX Runtime, and read by postprocess_qa_predictions. Each file is asked twice, as it
is, and as SQuAD 2.0 where each third question has lost its answers. Equal must be: the number of windows, the mean loss over
them with the labels of run_qa.py, the text of each answer, its probability, exact match and F1.
"""
import csv
import importlib.util
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime
from transformers import AutoTokenizer

LENGTH, STRIDE, LONGEST = 384, 128, 30
PROBABILITY_LIMIT, LOSS_LIMIT = 1e-3, 1e-4


def module(folder, name):
    spec = importlib.util.spec_from_file_location(name, pathlib.Path(folder) / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def questions_of(data):
    """As the library datasets has them."""
    return [{"id": question["id"], "question": question["question"].lstrip(), "context": paragraph["context"],
             "answers": question["answers"]}
            for article in data["data"] for paragraph in article["paragraphs"] for question in paragraph["qas"]]


def as_squad2(data):
    """A copy in which each third question has no answer."""
    copy = json.loads(json.dumps(data))
    number = 0
    for article in copy["data"]:
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                question["is_impossible"] = number % 3 == 0
                if question["is_impossible"]:
                    question["answers"] = []
                number += 1
    copy["version"] = "v2.0"
    return copy


def label_of(answers, offsets, sequences):
    """First and last token of the first answer as prepare_train_features finds them, but within the context: its loop walks
    over the special token behind an answer that begins in the window's last token."""
    context = [token for token, sequence in enumerate(sequences) if sequence == 1]
    if not answers:
        return 0, 0
    begin = answers[0]["answer_start"]
    end = begin + len(answers[0]["text"])
    if offsets[context[0]][0] > begin or offsets[context[-1]][1] < end:
        return 0, 0
    return max(t for t in context if offsets[t][0] <= begin), min(t for t in context if offsets[t][1] >= end)


def mean_loss(features, logits):
    """(cross-entropy of begin + cross-entropy of end) / 2, as BertForQuestionAnswering's."""
    losses = []
    for side, of_side in enumerate(logits):
        for feature, row in zip(features, of_side):
            row = row.astype(np.float64)
            losses.append(np.log(np.exp(row - row.max()).sum()) + row.max() - row[feature["label"][side]])
    return float(np.mean(losses))


def features_of(tokenizer, questions):
    """The windows as run_qa.py's prepare_validation_features makes them, without padding."""
    encoded = tokenizer([q["question"] for q in questions], [q["context"] for q in questions], truncation="only_second",
                        max_length=LENGTH, stride=STRIDE, return_overflowing_tokens=True, return_offsets_mapping=True)
    features = []
    for number, sample in enumerate(encoded["overflow_to_sample_mapping"]):
        sequences = encoded.sequence_ids(number)
        features.append({
            "example_id": questions[sample]["id"],
            "input_ids": encoded["input_ids"][number],
            "token_type_ids": encoded["token_type_ids"][number] if "token_type_ids" in encoded else None,
            "offset_mapping": [o if s == 1 else None for o, s in zip(encoded["offset_mapping"][number], sequences)],
            "label": label_of(questions[sample]["answers"], encoded["offset_mapping"][number], sequences),
        })
    return features


def logits_of(session, features):
    names = {value.name for value in session.get_inputs()}
    starts, ends = [], []
    for feature in features:
        ids = np.array([feature["input_ids"]], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        if "token_type_ids" in names:
            inputs["token_type_ids"] = np.array([feature["token_type_ids"]], dtype=np.int64)
        logits = session.run(None, {name: inputs[name] for name in names})[0][0]
        starts.append(logits[:, 0])
        ends.append(logits[:, 1])
    return starts, ends


class Columns(list):
    """Rows that give a column by its name too."""

    def __getitem__(self, key):
        return [row[key] for row in self] if isinstance(key, str) else super().__getitem__(key)


def run(enxerto, *arguments):
    done = subprocess.run([enxerto, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return done


def official(reference, data, answers, is_squad2):
    if not is_squad2:
        score = module(reference, "squad_v1").compute_score(data["data"], answers)
        return score["exact_match"], score["f1"]
    squad = module(reference, "squad_v2")
    with_texts = json.loads(json.dumps(data["data"]))
    for article in with_texts:
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                question["answers"] = {"text": [answer["text"] for answer in question["answers"]]}
    exact, f1 = squad.get_raw_scores(with_texts, answers)
    score = squad.make_eval_dict(exact, f1)
    return score["exact"], score["f1"]


def compare(enxerto, backbone, reference, path, data, is_squad2, folder):
    model, onnx = folder / "model", folder / "model.onnx"
    trained = run(enxerto, "train", path, "--test", path, "--validation-split", 0, "--backbone", backbone, "--output", model,
                  "--train-from", "head", "--optimizer", "adam", "--epochs", 1, "--learning-rate", 1e-12, "--replace",
                  "--precision", "fp32", "--train-precision", "fp32")
    windows = int(re.search(r" are ([\d,]+) windows", trained.stderr).group(1).replace(",", "")) // 2  # as both parts
    with open(f"{model}.epochs.csv", newline="") as rows:
        loss = float(next(csv.DictReader(rows))["val_loss"])
    run(enxerto, "export", model, "--output", onnx, "--replace")
    questions = Columns(questions_of(data))
    features = features_of(AutoTokenizer.from_pretrained(backbone), questions)
    session = onnxruntime.InferenceSession(str(onnx))
    logits = logits_of(session, features)
    loss_apart = abs(loss - mean_loss(features, logits))
    nbest = folder / "nbest"
    nbest.mkdir(exist_ok=True)
    wanted = module(reference, "utils_qa").postprocess_qa_predictions(
        questions, features, logits, version_2_with_negative=is_squad2, n_best_size=20,
        max_answer_length=LONGEST, output_dir=str(nbest))
    all_wanted = json.loads((nbest / "nbest_predictions.json").read_text())
    said = json.loads(run(enxerto, "predict", model, path, "--format", "squad", "--precision", "fp32").stdout)
    top = json.loads(run(enxerto, "predict", model, path, "--json", "--precision", "fp32", "-k", 30).stdout)["predictions"]
    apart = 0.0
    for row in top:
        ours = sorted((one["probability"] for one in row["top"]), reverse=True)
        theirs = sorted((one["probability"] for one in all_wanted[row["file"]]), reverse=True)
        apart = max(apart, float(np.abs(np.subtract(ours, theirs)).max()) if len(ours) == len(theirs) else np.inf)
    differing = [name for name in wanted if said.get(name) != wanted[name]]
    figures = json.loads(run(enxerto, "evaluate", model, path, "--json", "--precision", "fp32").stdout)
    exact, f1 = official(reference, data, said, is_squad2)
    ours = figures["metrics"] if "metrics" in figures else figures
    metric_apart = max(abs(100 * ours["exact_match"]["value"] - exact), abs(100 * ours["f1"]["value"] - f1))
    print(f"{pathlib.Path(path).name}{' as 2.0' if is_squad2 else ''}: {len(questions)} questions, windows {windows} and "
          f"{len(features)}, loss {loss:.4f} apart {loss_apart:.1e}, differing answers {len(differing)}, probabilities apart {apart:.1e}, exact match {exact:.2f}, "
          f"F1 {f1:.2f}, apart {metric_apart:.1e}")
    for name in differing[:5]:
        print(f"  {name}: {said.get(name)!r} and {wanted[name]!r}")
    return not differing and windows == len(features) and loss_apart < LOSS_LIMIT and apart < PROBABILITY_LIMIT and metric_apart < 1e-9


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    enxerto, backbone, reference, *files = sys.argv[1:]
    equal = True
    for file in files:
        data = json.loads(pathlib.Path(file).read_text())
        for is_squad2 in (False, True):
            with tempfile.TemporaryDirectory() as text:
                folder = pathlib.Path(text)
                path = folder / pathlib.Path(file).name
                data_asked = as_squad2(data) if is_squad2 else data
                path.write_text(json.dumps(data_asked))
                equal = compare(enxerto, backbone, reference, path, data_asked, is_squad2, folder) and equal
    sys.exit(0 if equal else 1)


if __name__ == "__main__":
    main()
