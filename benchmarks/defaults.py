#!/usr/bin/env python3
"""What is gained by default: plain `train`, presets and recipes on few examples of the same pictures, over several seeds, in one run.

    python3 benchmarks/defaults.py ENXERTO --data roses=FLOWERS:roses,tulips --data cats=CIFAR:cat,dog [--sizes 96 224] [--seeds 5]

A data set is a folder with <class>/*.jpg or .png anywhere below it. For each seed the pictures to learn from are drawn anew, equal
files once; of the others so many are tested on, which nothing learned from or chose by. "plain" is `train` without a preset: the
exact head on frozen features. Gains are against it, in points, of the same seed; the interval is Student's 95 % of the mean over
the seeds. A run that stands in --results is not made again, so a benchmark that was stopped goes on. Needs nothing but Python;
the ways "fastai" (`vision_learner(..).fine_tune(5)`) and "keras" (its transfer learning guide), on the same pictures with the same
weights, need --fastai and --keras, Pythons that have them. Seconds are those of a whole process: those that passed, and of processors.
"""
import argparse
import hashlib
import json
import math
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import time

T95 = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26)  # Student's t for 1 to 9 degrees of freedom
PEERS = ("fastai", "keras")
PICTURES = (".jpg", ".jpeg", ".png")


def data_set(text):
    name, _, rest = text.partition("=")
    folder, _, classes = rest.rpartition(":")
    if not name or not folder or not classes:
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME=FOLDER:CLASS,CLASS")
    return name, pathlib.Path(folder), classes.split(",")


def pictures_of(folder, classes):
    """Paths by class; equal files once, so that no copy is on both sides."""
    seen, found = set(), {name: [] for name in classes}
    for name in classes:
        for file in sorted(folder.rglob(f"{name}/*")):
            if file.suffix.lower() not in PICTURES:
                continue
            digest = hashlib.sha256(file.read_bytes()).digest()
            if digest not in seen:
                seen.add(digest)
                found[name].append(file.resolve())
    return found


def draw(found, options, seed, out):
    """out/train/<class> and out/test/<class> of links."""
    for name, files in found.items():
        if len(files) <= options.train_per_class:
            sys.exit(f"class {name}: {len(files)} pictures, more than {options.train_per_class} are needed to learn from and test on")
        order = files[:]
        random.Random(f"{name} {seed}").shuffle(order)
        end = options.train_per_class + options.test_per_class
        for part, chosen in (("train", order[: options.train_per_class]), ("test", order[options.train_per_class : end])):
            (out / part / name).mkdir(parents=True)
            for number, file in enumerate(chosen):
                os.symlink(file, out / part / name / f"{number}{file.suffix.lower()}")


def timed(command):
    """What the command prints, and the seconds that it took."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, {"seconds": time.perf_counter() - start, "processor_seconds": spent}


def run_peer(options, data, way, size, seed):
    script = pathlib.Path(__file__).parent / "peers" / f"{way}_fine_tune.py"
    command = [getattr(options, way), str(script), str(data), str(options.weights), "--size", str(size), "--seed", str(seed)]
    printed, seconds = timed([*command, "--threads", str(options.threads)])
    return {**json.loads(printed.splitlines()[-1]), **seconds}


def run(options, data, way, size, seed):
    if way in PEERS:
        return run_peer(options, data, way, size, seed)
    command = [options.program, "train", str(data), "--backbone", options.backbone, "--size", str(size), "--seed", str(seed)]
    command += ["--threads", str(options.threads), "--no-examples", "--json", "--quiet", "--output", str(data / "model"), "--replace"]
    if way != "plain":
        command += ["--recipe", way] if way.endswith(".toml") else ["--preset", way]
    if options.cache:
        command += ["--cache", options.cache]
    printed, seconds = timed(command)
    figures = json.loads(printed)["test"]
    value = {name: one["value"] if isinstance(one, dict) else one for name, one in figures.items() if name in ("accuracy", "log_loss")}
    return {**value, **seconds}


def mean_and_interval(values):
    mean = sum(values) / len(values)
    if len(values) < 2:
        return f"{mean:+.2f}"
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    half = T95[min(len(values) - 2, len(T95) - 1)] * deviation / math.sqrt(len(values))
    return f"{mean:+.2f} ({mean - half:+.2f} to {mean + half:+.2f})"


def key(name, size, seed, way, options):
    return f"{name} {size} px, seed {seed}, {way}, {options.train_per_class} + {options.test_per_class} a class, {options.backbone}"


def measure(options, ways, results):
    for name, folder, classes in options.data:
        found = pictures_of(folder, classes)
        for seed in range(options.seeds):
            with tempfile.TemporaryDirectory() as temporary:
                data = pathlib.Path(temporary)
                draw(found, options, seed, data)
                for size in options.sizes:
                    for way in ways:
                        name_of_run = key(name, size, seed, way, options)
                        if name_of_run in results:
                            continue
                        results[name_of_run] = run(options, data, way, size, seed)
                        print(name_of_run, results[name_of_run], file=sys.stderr, flush=True)
                        if options.results:
                            options.results.write_text(json.dumps(results, indent=1))


def table(options, ways, results):
    print("| data | what | accuracy, mean | log loss, mean | gain in points, mean and 95 % interval | seed by seed | s a run | processor s |")
    print("|---|---|---|---|---|---|---|---|")
    for name, _, _ in options.data:
        for size in options.sizes:
            rows = {way: [results[key(name, size, seed, way, options)] for seed in range(options.seeds)] for way in ways}
            for way, runs in rows.items():
                mean = {field: sum(one.get(field, math.nan) for one in runs) / len(runs) for field in ("accuracy", "log_loss", "seconds", "processor_seconds")}
                gains = [100 * (one["accuracy"] - plain["accuracy"]) for one, plain in zip(runs, rows["plain"])]
                shown = ("", "") if way == "plain" else (mean_and_interval(gains), " ".join(f"{gain:+.1f}" for gain in gains))
                print(f"| {name}, {size} px | {pathlib.Path(way).stem} | {100 * mean['accuracy']:.2f} % | {mean['log_loss']:.3f} "
                      f"| {shown[0]} | {shown[1]} | {mean['seconds']:.0f} "
                      f"| {mean['processor_seconds']:.0f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the command line, build/release/bin/enxerto")
    parser.add_argument("--data", type=data_set, action="append", required=True, metavar="NAME=FOLDER:CLASS,CLASS",
                        help="a data set: its name in the table, where its class folders are, and which of them; may be repeated")
    parser.add_argument("--ways", nargs="+", default=["fine-tune"],
                        help="what stands beside plain `train`: names of presets, recipe files (.toml), fastai, keras")
    for peer in PEERS:
        parser.add_argument(f"--{peer}", help=f"the Python of the way {peer}")
    parser.add_argument("--weights", type=pathlib.Path, help="the backbone's file for these, with efficientnet_pytorch's names")
    parser.add_argument("--sizes", type=int, nargs="+", default=[224], help="sides of the input in pixels")
    parser.add_argument("--seeds", type=int, default=5, help="how many draws of each data set, each with a seed of its own")
    parser.add_argument("--train-per-class", type=int, default=122, help="pictures to learn from, those that choose among them")
    parser.add_argument("--test-per-class", type=int, default=500, help="pictures to test on, fewer where there are fewer")
    parser.add_argument("--backbone", default="efficientnet_lite0", help="a name or a file, as of `train --backbone`")
    parser.add_argument("--threads", type=int, default=2, help="of each run; runs follow each other")
    parser.add_argument("--cache", help="folder of the feature cache; without it, the usual one")
    parser.add_argument("--results", type=pathlib.Path, help="JSON file of runs: written after each, and not run again")
    options = parser.parse_args()
    for peer in PEERS:
        if peer in options.ways and not (getattr(options, peer) and options.weights):
            sys.exit(f"the way {peer}: --{peer} PYTHON and --weights FILE are missing")
    ways = ["plain", *(way for way in options.ways if way != "plain")]
    results = json.loads(options.results.read_text()) if options.results and options.results.exists() else {}
    measure(options, ways, results)
    table(options, ways, results)


if __name__ == "__main__":
    main()
