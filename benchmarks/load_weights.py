#!/usr/bin/env python3
"""Loading a weight file of 100 MB: Enxerto beside safetensors.torch.load_file and torch.load, on the same file.

    python3 benchmarks/load_weights.py BUILD_DIR [--megabytes 100] [--rounds 5]

Warm page cache, one process a load, in turns; ratios are of the medians. `touched` adds a sum over all elements on both sides,
because both may map a file and read nothing yet. The legacy file's floats lie at odd places, as in most such files. Memory is the peak of the process less that of the same process with a file of
one small tensor. torch.load checks the CRCs of a zip file, and so do we. Needs a Python with torch and safetensors.
"""
import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile

PEER = """
import sys, time, torch
from safetensors.torch import load_file
def status(key):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(key))
read = load_file if sys.argv[1].endswith(".safetensors") else lambda path: torch.load(path, weights_only=True)
torch.set_num_threads(1)
torch.ones(8).view(torch.int64).sum()
start = time.perf_counter()
state = read(sys.argv[1])
loaded = time.perf_counter() - start
total = sum(int(value.view(-1).view(torch.int64).sum()) for value in state.values()) % 2**64
print(loaded, time.perf_counter() - start, total, status("VmHWM") * 1024)
"""


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def write_files(folder, megabytes):
    """A state dict like a ResNet's: many tensors from a few bytes to some megabytes."""
    import torch
    from safetensors.torch import save_file
    torch.manual_seed(0)
    sizes, left = [], megabytes * 250_000
    for size in [2_359_296, 64, 512, 589_824, 65_536, 1_048_576, 256] * 1000:
        sizes.append(min(size, left // 2 * 2))
        left -= sizes[-1]
        if left < 2:
            break
    state = {f"layer{i}.weight": torch.randn(size) for i, size in enumerate(sizes)}
    for name, some in (("large", state), ("small", {"w": torch.ones(2)})):
        save_file(some, folder / f"{name}.safetensors")
        torch.save(some, folder / f"{name}.pth")
        torch.save(some, folder / f"{name}_legacy.pth", _use_new_zipfile_serialization=False)
        # Floats of a legacy file lie where its pickles end: at an odd place in three files of four. Here in all.
        while (folder / f"{name}_legacy.pth").stat().st_size % 4 == 0:
            some = {key + "_": value for key, value in some.items()}
            torch.save(some, folder / f"{name}_legacy.pth", _use_new_zipfile_serialization=False)


def numbers(words):
    return [float(word) for word in subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    program = options.build / "benchmarks/benchmark_load_weights"
    import torch
    print(f"{processor()}, PyTorch {torch.__version__}, {options.megabytes} MB, median of {options.rounds}, seconds")
    print("file               Enxerto  peer     ratio | touched: Enxerto  peer     ratio | peak memory / file: Enxerto  peer")
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        subprocess.run([sys.executable, "-c", f"import sys; sys.path.insert(0, {str(pathlib.Path(__file__).parent)!r}); "
                        f"import load_weights, pathlib; load_weights.write_files(pathlib.Path({directory!r}), {options.megabytes})"],
                       check=True)
        for name in (".safetensors", ".pth", "_legacy.pth"):
            large, small = folder / f"large{name}", folder / f"small{name}"
            sides = {"ours": [str(program)], "peer": [sys.executable, "-c", PEER]}
            base = {side: numbers(words + [str(small)])[3] for side, words in sides.items()}
            large.read_bytes()
            turns = [{side: numbers(words + [str(large)]) for side, words in sides.items()} for _ in range(options.rounds)]
            if len({int(turn[side][2]) & 0xFFFFFFFF for turn in turns for side in sides}) != 1:
                sys.exit(f"{name}: the two sides read different bytes")
            middle = {side: [statistics.median(turn[side][i] for turn in turns) for i in range(4)] for side in sides}
            a, b = middle["ours"], middle["peer"]
            memory = [(middle[side][3] - base[side]) / large.stat().st_size for side in ("ours", "peer")]
            print(f"{name:17}  {a[0]:7.4f}  {b[0]:7.4f}  {a[0] / b[0]:5.2f} |          {a[1]:7.4f}  {b[1]:7.4f}  {a[1] / b[1]:5.2f} |"
                  f"                      {memory[0]:5.2f} {memory[1]:5.2f}", flush=True)


if __name__ == "__main__":
    main()
