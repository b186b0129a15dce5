"""Runs the comparisons and writes their table to docs/backbones.md. Called by tools/parity/backbones.

    python3 tools/parity/backbones.py ENXERTO [STEP..]

A step leaves its rows in build/parity/rows; the document is written once every step has been run.
"""
import collections
import datetime
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "docs" / "backbones.md"
ROWS = HERE.parents[1] / "build" / "parity" / "rows"
LIMIT = 1e-4
# Step -> (which interpreter, script). Each script is called with ENXERTO and ROWS.json, and writes rows of comparison.Row.
STEPS = {
    "photos": ("TORCH", "real_weights.py"),
    "torch": ("TORCH", "torch_networks.py"),
    "keras": ("KERAS", "keras_networks.py"),
    "onnx": ("TORCH", "onnx_networks.py"),
    "pooled": ("TORCH", "pooled_features.py"),
    "beside": ("TORCH", "beside_weight_files.py"),
    "tfjs": ("TORCH", "tfjs.py"),
}
TEXT = """# Backbones, held against their originals

Made by `tools/parity/backbones` on {date}; `tools/test` holds smaller networks of the same kinds against goldens.

Each network was built by the library it is named after (`source`), its weights filled, saved by that library as the kind of
file that the column names, and read by `enxerto features --at logits` from two lossless pictures with the preprocessing that
Enxerto takes for such a file; the original saw the same pictures with its own. The number is the largest difference of a
logit, relative to the largest logit; at most {limit:g} is allowed. "ONNX, pooled" compares what `--at head` gives with what the
network itself pools, "ONNX beside .pth" with what the weight file gives, and the accuracy of a small run on both. Sizes are the side of the picture in pixels; the first is
the one of pretraining.

Versions: {versions}.
"""


def run_step(enxerto, step):
    """Leaves no rows where the script itself fails."""
    side, script = STEPS[step]
    target = ROWS / f"{step}.json"
    target.unlink(missing_ok=True)
    done = subprocess.run([os.environ[f"PARITY_{side}"], HERE / script, enxerto, target])
    if done.returncode != 0 and not (target.exists() and any(unequal(row) for row in json.loads(target.read_text()))):
        target.unlink(missing_ok=True)
        sys.exit(f"tools/parity: {script} ended with {done.returncode}")


def unequal(row):
    return not row["difference"] <= LIMIT  # NaN is unequal too


def versions():
    pins = {}
    for side in ("torch", "keras"):
        for line in (HERE / f"{side}.txt").read_text().splitlines():
            if "==" in line:
                name, _, version = line.partition("==")
                pins[name] = version
    chosen = ("torch", "torchvision", "timm", "transformers", "keras", "tensorflow-cpu", "onnxruntime", "pillow")
    return ", ".join(f"{name} {pins[name]}" for name in chosen)


def tables(rows):
    """One table a source, one line a network: sizes, and the differences by kind of file."""
    by_source = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in rows:
        by_source[row["source"]][row["architecture"]].append(row)
    for source, networks in by_source.items():
        kinds = list(dict.fromkeys(row["file"] for found in networks.values() for row in found))
        yield f"\n## {source}\n"
        yield "| network | " + " | ".join(kinds) + " |"
        yield "|---|" + "---|" * len(kinds)
        for network, found in networks.items():
            cells = []
            for kind in kinds:
                of_kind = [f"{row['difference']:.1e} ({row['size']} px)" for row in found if row["file"] == kind]
                cells.append(", ".join(of_kind) or "-")
            yield f"| {network} | " + " | ".join(cells) + " |"


def main():
    enxerto, chosen = sys.argv[1], sys.argv[2:]
    unknown = [step for step in chosen if step not in STEPS]
    if unknown:
        sys.exit(f"tools/parity: no step {unknown[0]!r}: {', '.join(STEPS)}")
    ROWS.mkdir(parents=True, exist_ok=True)
    for step in chosen or STEPS:
        run_step(os.path.abspath(enxerto), step)
    files = [ROWS / f"{step}.json" for step in STEPS]
    rows = [row for file in files if file.exists() for row in json.loads(file.read_text())]
    wrong = [row for row in rows if unequal(row)]
    if all(file.exists() for file in files):
        oldest = datetime.date.fromtimestamp(min(file.stat().st_mtime for file in files))
        TARGET.write_text(TEXT.format(date=oldest, limit=LIMIT, versions=versions()) + "\n".join(tables(rows)) + "\n")
    print(f"{len(rows)} comparisons, {len(wrong)} not equal")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
