#!/usr/bin/env python3
"""Whisper beside transformers on the same recordings: equal tokens, and the seconds of both.

    python3 benchmarks/peers/whisper.py ENXERTO WHISPER RECORDINGS [--count 24] [--threads 2] [--turns 3]

WHISPER is a folder as transformers saves it, RECORDINGS one of .wav files, of 16 kHz where tokens are to be equal: soxr and scipy resample differently. Both write what is said in
`count` of them, in turns; seconds are those inside, from reading the files to the texts, without the start of the process and
the loading of the network (which is told apart). transformers: `generate`, fp32 and bf16, without times, a recording at a time and
four at a time (as Enxerto does). Needs torch, transformers, scipy.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import time


def peer_setup(folder, dtype):
    import torch
    from transformers import WhisperForConditionalGeneration, WhisperProcessor

    processor = WhisperProcessor.from_pretrained(folder)
    return processor, WhisperForConditionalGeneration.from_pretrained(folder, dtype=getattr(torch, dtype)).eval()


def samples_of(file):
    import numpy as np
    from scipy.io import wavfile
    from scipy.signal import resample_poly

    rate, samples = wavfile.read(file)
    samples = samples.astype(np.float32) / 32768
    return resample_poly(samples, 16000 // rate, 1).astype(np.float32) if rate != 16000 else samples


def write_all(processor, model, files, at_once):
    import torch

    found = []
    for begin in range(0, len(files), at_once):
        sounds = [samples_of(file) for file in files[begin:begin + at_once]]
        features = processor(sounds, sampling_rate=16000, return_tensors="pt").input_features.to(model.dtype)
        with torch.inference_mode():
            ids = model.generate(features, return_timestamps=False, do_sample=False, num_beams=1)
        specials = set(processor.tokenizer.all_special_ids)
        found += [[one for one in row.tolist() if one not in specials] for row in ids]
    return found


def used():
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def ours(options, files, precision):
    before = used()
    command = [options.enxerto, "predict", str(options.whisper), *map(str, files), "--json", "--threads", str(options.threads)]
    done = subprocess.run([*command, "--precision", precision], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    found = json.loads(done.stdout)
    return [row["ids"] for row in found["transcripts"]], found["seconds"], used() - before


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("enxerto")
    parser.add_argument("whisper", type=pathlib.Path)
    parser.add_argument("recordings", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    import torch

    torch.set_num_threads(options.threads)
    files = sorted(options.recordings.rglob("*.wav"))[:options.count]
    ways = {"transformers, fp32": ("float32", 1), "transformers, fp32, four at a time": ("float32", 4),
            "transformers, bf16, four at a time": ("bfloat16", 4)}
    setups = {name: (*peer_setup(options.whisper, dtype), at_once) for name, (dtype, at_once) in ways.items()}
    seconds, spent, tokens = {}, {}, {}
    for turn in range(options.turns):
        for name, (processor, model, at_once) in setups.items():
            begin, before = time.perf_counter(), time.process_time()
            tokens[name] = write_all(processor, model, files, at_once)
            seconds.setdefault(name, []).append(time.perf_counter() - begin)
            spent.setdefault(name, []).append(time.process_time() - before)
        for precision in ("fp32", "bf16"):
            name = f"Enxerto, {precision}"
            tokens[name], inside, processors = ours(options, files, precision)
            seconds.setdefault(name, []).append(inside)
            spent.setdefault(name, []).append(processors)
    first = "transformers, fp32"
    print(f"{len(files)} recordings, medians of {options.turns} turns; {options.threads} threads. Processor seconds of Enxerto are those "
          "of the whole process, with its start and loading.\n")
    print("| | seconds | times as fast | processor seconds | equal to transformers in fp32 |\n|---|---|---|---|---|")
    for name, taken in seconds.items():
        equal = sum(a == b for a, b in zip(tokens[name], tokens[first]))
        middle = statistics.median(taken)
        print(f"| {name} | {middle:.2f} | {statistics.median(seconds[first]) / middle:.2f} | {statistics.median(spent[name]):.2f} "
              f"| {equal} of {len(files)} |")


if __name__ == "__main__":
    main()
