#!/usr/bin/env python3
"""Whether 95 % intervals hold what they promise: many small runs, each judged on the few examples of its own test part, and on a large
part that none of them has seen, whose figure stands for the truth.

    python3 benchmarks/intervals.py ENXERTO --data FOLDER [--runs 200] [--learn 20] [--tests 5 10 20 40] [--large 10000]

FOLDER has <class>/*.jpg or .png anywhere below it. For each run the pictures to learn from and to test on are drawn anew; the large
part is drawn once. Runs take the sizes of --tests (pictures of each class) in turn. What is printed for each figure with an interval
is the share of runs whose interval holds the large part's figure, with Wilson's 95 % interval of that share; 93 to 97 % is to be
reached. Features are cached: the first run computes those of the large part. Needs nothing but Python.
"""
import argparse
import json
import math
import os
import pathlib
import random
import subprocess
import tempfile

PICTURES = (".jpg", ".jpeg", ".png")
FIGURES = ("accuracy", "balanced_accuracy", "top5")


def pictures_of(folder):
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() in PICTURES:
            found.setdefault(file.parent.name, []).append(file.resolve())
    return found


def link(files, folder):
    folder.mkdir(parents=True)
    for number, file in enumerate(files):
        os.symlink(file, folder / f"{number}{file.suffix.lower()}")


def wilson(right, of):
    z, p = 1.96, right / of
    middle, half = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


def asked(program, *words):
    run = subprocess.run([program, *map(str, words), "--quiet", "--json"], capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, words))}: exit code {run.returncode}\n{run.stdout}{run.stderr}")
    return json.loads(run.stdout)


def one_run(program, pool, options, number, place, common):
    tests = options.tests[number % len(options.tests)]
    data = place / "data"
    for name, files in pool.items():
        drawn = random.Random(f"{options.seed} {number} {name}").sample(files, options.learn + tests)
        link(drawn[: options.learn], data / "train" / name)
        link(drawn[options.learn :], data / "test" / name)
    size = ["--size", options.size] if options.size else []
    small = asked(program, "train", data, *size, "--precision", "fp32", "--output", place / "model", *common)["test"]
    large = asked(program, "evaluate", place / "model", options.place / "large", *common)
    return tests, small, large.get("metrics", large)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("enxerto")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--learn", type=int, default=20, help="pictures of each class to learn from")
    parser.add_argument("--tests", type=int, nargs="+", default=[5, 10, 20, 40], help="pictures of each class to test on, in turn")
    parser.add_argument("--large", type=int, default=10000, help="pictures of the large part")
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        options.place = pathlib.Path(folder)
        found, pool = pictures_of(options.data), {}
        each = options.large // len(found)
        for name, files in found.items():
            random.Random(f"{options.seed} {name}").shuffle(files)
            link(files[:each], options.place / "large" / name)
            pool[name] = files[each:]
        common = ["--cache", options.place / "cache", "--threads", options.threads]
        counts = {}
        for number in range(options.runs):
            with tempfile.TemporaryDirectory(dir=folder) as place:
                tests, small, large = one_run(options.enxerto, pool, options, number, pathlib.Path(place), common)
            for figure in FIGURES:
                if figure not in small or "low" not in small[figure]:
                    continue
                holds = small[figure]["low"] <= large[figure]["value"] <= small[figure]["high"]
                for key in (figure, "all"), (figure, tests):
                    right, of = counts.get(key, (0, 0))
                    counts[key] = right + holds, of + 1
    print(f"{options.runs} runs, {options.learn} pictures of each of {len(pool)} classes learned from, "
          f"{each * len(pool)} in the large part")
    for (figure, tests), (right, of) in sorted(counts.items(), key=str):
        low, high = wilson(right, of)
        print(f"{figure:18} {tests!s:>4} tests a class: {right} of {of} hold it, {100 * right / of:.1f} % "
              f"({100 * low:.1f} to {100 * high:.1f})")


main()
