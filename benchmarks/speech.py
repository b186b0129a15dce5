"""A sixth speaker's strings of digits, from what five speakers have taught and from nothing: word error rates.

Usage: python benchmarks/speech.py ENXERTO DIGITS WORK [--speakers theo ..] [--sizes 50 200] [--seeds 0 ..]

DIGITS is what tools/digit-strings made, WORK a folder for models. Of each speaker a model of the other five is trained by
recipes/digits-speech.toml, and goes on with recipes/digits-speech-transfer.toml; from scratch it is the same phase from
random weights with three times the epochs. The test strings are made of recordings that no training string has. Prints WER
with the 95 % interval over strings, and seconds.
"""
import argparse
import json
import pathlib
import subprocess
import time

RECIPES = pathlib.Path(__file__).resolve().parents[1] / "recipes"


def train(options, data, test, recipe, model, *more):
    begin = time.time()
    command = [options.enxerto, "train", str(data), "--test", str(test), "--recipe", str(RECIPES / recipe), "--output",
               str(model), "--replace", "--json", *more]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(f"{' '.join(command)}\n{run.stdout}{run.stderr}")
    return json.loads(run.stdout)["test"], time.time() - begin


def shown(test):
    wer = test["wer"]
    if not isinstance(wer, dict):
        wer = {"value": wer, "low": float("nan"), "high": float("nan")}
    return f"WER {100 * wer['value']:5.1f} % ({100 * wer['low']:.1f} to {100 * wer['high']:.1f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("enxerto")
    parser.add_argument("digits", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--speakers", nargs="+", default=["theo"])
    parser.add_argument("--sizes", nargs="+", default=["50", "200"])
    parser.add_argument("--seeds", nargs="+", default=["0"])
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    for speaker in options.speakers:
        learned, test = options.digits / f"{speaker}-train.jsonl", options.digits / f"{speaker}-test.jsonl"
        five = options.work / f"five-{speaker}"
        found, seconds = train(options, options.digits / f"all-but-{speaker}.jsonl", test, "digits-speech.toml", five)
        print(f"{speaker}: five others alone: {shown(found)}, {seconds:.0f} s", flush=True)
        for size in options.sizes:
            for seed in options.seeds:
                for name, more in (("transfer", ["--backbone", str(five)]),
                                   ("scratch", ["--backbone", "speech_lstm_8khz", "--weights", "random", "--epochs", "60",
                                                "--learning-rate", "3e-3"])):
                    found, seconds = train(options, learned, test, "digits-speech-transfer.toml",
                                           options.work / f"{name}-{speaker}-{size}-{seed}", "--take", size, "--seed", seed,
                                           *more)
                    print(f"{speaker}: {size} strings, seed {seed}, {name}: {shown(found)}, {seconds:.0f} s", flush=True)


main()
