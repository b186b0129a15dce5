"""Holds classes of sounds on Free Spoken Digits against scikit-learn on the same features, and the extraction of features
against librosa and PyTorch (or ONNX Runtime).

Usage: python benchmarks/peers/sounds.py ENXERTO RECORDINGS [--embedding FOLDER] [--only BACKBONE] [--speed RUNS] [--threads 2]
       (needs librosa, soundfile, scikit-learn; for --speed torch, timm, and onnxruntime for the embedding)

RECORDINGS are called DIGIT_SPEAKER_TAKE.wav. Two ways to divide them: the set's own (takes 0 to 4 are the test part) and each
speaker once as the test part, the others to learn from (the names show the speakers, so that the folds of both are like that). For each backbone, EfficientNet-Lite0 on log-mel pictures and the speech
embedding in FOLDER, prints the accuracy of `enxerto train` (frozen, exact head) beside that of scikit-learn's logistic regression on
the features of `enxerto features` (standardised; C by three folds, of recordings for the first way, of speakers for the second; of
windows the mean of their probabilities), and beside logistic regression on means and deviations of 20 MFCCs and their deltas. --speed extracts all recordings so many times by both
sides, in turns, and prints the median of the ratios of wall and of processor seconds; ours is the whole process.
"""
import argparse
import csv
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np

RATE = 16_000


def named(path):
    digit, speaker, take = path.stem.split("_")
    return digit, speaker, int(take)


def divisions(files):
    """Name of the division, and whether each file is tested on."""
    yield "takes 0 to 4", [named(path)[2] < 5 for path in files]
    for speaker in sorted({named(path)[1] for path in files}):
        yield f"without {speaker}", [named(path)[1] == speaker for path in files]


def write_table(path, files, tested):
    with path.open("w", newline="") as file:
        rows = [(one.resolve(), named(one)[0], "test" if is_tested else "train") for one, is_tested in zip(files, tested)]
        csv.writer(file).writerows([("file", "label", "split"), *rows])


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(" ".join(map(str, command)) + "\n" + done.stderr)
    return done.stdout


def trained(asked, table, backbone, work):
    report = json.loads(run(asked.enxerto, "train", table, "--backbone", backbone, "--preset", "feature-extraction", "--json",
                            "--output", work / "model", "--replace", "--threads", asked.threads))
    return report["test"]["accuracy"]


def extracted(asked, table, backbone, work, *options):
    run(asked.enxerto, "features", table, "--backbone", backbone, "--output", work / "out.npy", "--replace", "--threads",
        asked.threads, *options)
    with (work / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    key = "file" if "file" in rows[0] else next(iter(rows[0]))
    return np.load(work / "out.npy"), [pathlib.Path(row[key]).name for row in rows]


def mfcc(files):
    import librosa
    rows = []
    for path in files:
        samples, rate = librosa.load(path, sr=None)
        found = librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=20)
        deltas = librosa.feature.delta(found, width=min(9, (found.shape[1] - 1) // 2 * 2 + 1), mode="nearest")
        rows.append(np.concatenate([part for both in (found, deltas) for part in (both.mean(1), both.std(1))]))
    return np.stack(rows)


def regressed(features, owners, files, tested, chosen):
    """Accuracy of scikit-learn, of recordings: rows of one are averaged. C is chosen once for each way to divide, kept in `chosen`."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold
    from sklearn.preprocessing import StandardScaler
    place = {path.name: number for number, path in enumerate(files)}
    owner = np.array([place[name] for name in owners])
    digits, held = np.array([named(path)[0] for path in files]), np.array(tested)
    learned = ~held[owner]
    speakers = np.array([named(path)[1] for path in files])[owner][learned]
    scaler = StandardScaler().fit(features[learned])
    x, y = scaler.transform(features[learned]).astype(np.float32), digits[owner][learned]
    strangers = not set(speakers) & {named(path)[1] for path, is_tested in zip(files, tested) if is_tested}
    apart = speakers if strangers else owner[learned]
    best = -1
    for c in (1e-4, 1e-3, 1e-2, 1e-1) if strangers not in chosen else ():
        rights = []
        for one, other in GroupKFold(3).split(x, y, apart):
            rights.append(LogisticRegression(C=c, max_iter=100).fit(x[one], y[one]).score(x[other], y[other]))
        if np.mean(rights) > best:
            best, chosen[strangers] = np.mean(rights), c
    model = LogisticRegression(C=chosen[strangers], max_iter=300).fit(x, y)
    scores = model.predict_proba(scaler.transform(features[held[owner]]).astype(np.float32))
    sums = np.zeros((len(files), scores.shape[1]))
    np.add.at(sums, owner[held[owner]], scores)
    return (model.classes_[sums[held].argmax(1)] == digits[held]).mean()


# ---- speed: the same features by others

def pictures_by_torch(files, threads):
    import librosa
    import timm
    import torch
    import torch.nn.functional as functional
    torch.set_num_threads(threads)
    network = timm.create_model("tf_efficientnet_lite0", pretrained=False, num_classes=0).eval()
    rows, batch, room = [], [], 6_000
    for number, path in enumerate(files):
        samples, _ = librosa.load(path, sr=None)
        spare = room - len(samples)
        samples = np.pad(samples, (spare // 2, spare - spare // 2)) if spare >= 0 else samples[-spare // 2:][:room]
        power = librosa.feature.melspectrogram(y=samples, sr=8_000, n_fft=512, win_length=200, hop_length=80, n_mels=128,
                                               pad_mode="constant")
        picture = torch.tensor(librosa.power_to_db(power, top_db=80))
        batch.append((picture - picture.mean()) / picture.std().clamp(min=1))
        if len(batch) == 32 or number + 1 == len(files):
            with torch.inference_mode():
                stacked = functional.interpolate(torch.stack(batch)[:, None], size=(224, 224), mode="bilinear")
                rows.append(network(stacked.expand(-1, 3, -1, -1)))
            batch = []
    return torch.cat(rows)


def embeddings_by_onnx(files, threads, folder):
    import librosa
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    mel, network = (onnxruntime.InferenceSession(str(pathlib.Path(folder) / name), options)
                    for name in ("melspectrogram.onnx", "embedding_model.onnx"))
    rows = []
    for path in files:
        samples, _ = librosa.load(path, sr=RATE)
        count = 1 + max(0, -(-(len(samples) - 12_512) // 1_280))
        samples = np.pad(samples, (12_512 + 1_280 * (count - 1) - len(samples), 0)) * np.float32(32_768)
        parts = [mel.run(None, {"input": samples[None, 1_280 * i:1_280 * i + 12_512]})[0].reshape(76, 32) / 10 + 2
                 for i in range(count)]
        rows.append(network.run(None, {"input_1": np.stack(parts)[..., None]})[0].reshape(count, 96))
    return np.concatenate(rows)


def timed(work, who):
    begin, used = time.perf_counter(), resource.getrusage(who)
    work()
    after = resource.getrusage(who)
    return time.perf_counter() - begin, after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime


def speed(asked, files, backbones, table, work):
    print("\n| features of | recordings | ours, wall s | theirs | ratio | ours, processor s | theirs | ratio |")
    print("|---|---|---|---|---|---|---|---|")
    for name, backbone in backbones.items():
        peer = (lambda: embeddings_by_onnx(files, asked.threads, backbone)) if name != "pictures" else (
            lambda: pictures_by_torch(files, asked.threads))
        pairs = []
        for _ in range(asked.speed):
            ours = timed(lambda: extracted(asked, table, backbone, work, "--no-cache", "--precision", "fp32"),
                         resource.RUSAGE_CHILDREN)
            pairs.append((ours, timed(peer, resource.RUSAGE_SELF)))
        middle = lambda values: statistics.median(values)
        cells = [name, len(files)]
        for kind in (0, 1):
            cells += [f"{middle(o[kind] for o, _ in pairs):.1f}", f"{middle(t[kind] for _, t in pairs):.1f}",
                      f"{middle(t[kind] / o[kind] for o, t in pairs):.2f}"]
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("enxerto")
    parser.add_argument("recordings", type=pathlib.Path)
    parser.add_argument("--embedding")
    parser.add_argument("--only", choices=("pictures", "embedding"), help="one of the backbones")
    parser.add_argument("--speed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    warnings.filterwarnings("ignore")
    files = sorted(asked.recordings.glob("*.wav"))
    backbones = {"pictures": "efficientnet_lite0"} | ({"embedding": asked.embedding} if asked.embedding else {})
    backbones = {name: where for name, where in backbones.items() if asked.only in (None, name)}
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        os.environ["XDG_CACHE_HOME"] = str(work / "cache")
        table = work / "all.csv"
        write_table(table, files, [named(path)[2] < 5 for path in files])
        if asked.speed:
            return speed(asked, files, backbones, table, work)
        columns = {name: extracted(asked, table, backbone, work) for name, backbone in backbones.items()}
        columns["MFCC"] = (mfcc(files), [path.name for path in files])
        chosen = {name: {} for name in columns}
        head = " | ".join(f"{name}: enxerto | scikit-learn" for name in backbones)
        print(f"| tested on | clips | {head} | MFCC: scikit-learn |\n|---|---|" + "---|---|" * len(backbones) + "---|")
        for division, tested in divisions(files):
            write_table(work / "division.csv", files, tested)
            cells = [division, sum(tested)]
            for name, backbone in backbones.items():
                found = trained(asked, work / "division.csv", backbone, work)
                cells.append(f"{100 * found['value']:.1f} % ({100 * found['low']:.1f} to {100 * found['high']:.1f})")
                cells.append(f"{100 * regressed(*columns[name], files, tested, chosen[name]):.1f} %")
            cells.append(f"{100 * regressed(*columns['MFCC'], files, tested, chosen['MFCC']):.1f} %")
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)


main()
