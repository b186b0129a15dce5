"""Holds YAMNet against TensorFlow, CNN14 of PANNs against PyTorch and the speech embedding against ONNX Runtime, at their
published sizes and in their published files; the first two with random weights.

Usage: python tools/parity/sound_networks.py ENXERTO [--embedding FOLDER] [--tensorflow PYTHON]
       (needs torch, torchlibrosa, onnxruntime, soundfile; tensorflow and h5py, by another Python if need be)

`enxerto features` reads ten made-up recordings of 1 sample to 12 s. Of YAMNet and the speech embedding it gives a row a window,
of PANNs one a clip. Prints the table of docs/data/clips.md: the largest difference, relative to the largest number.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/golden"))
LIMIT = 1e-4
SECONDS = (0.3, 12.0, 1.0, 3.1, 0.777, 2.2, 0.975, 1.5, 5.0)


def sounds(rate):
    generator = np.random.default_rng(3)
    for seconds in SECONDS:
        axis = np.arange(round(seconds * rate)) / rate
        wave = sum(a * np.sin(2 * np.pi * (f + g * axis) * axis)
                   for a, f, g in zip(generator.uniform(0, 0.2, 4), generator.uniform(80, 3000, 4), generator.uniform(0, 900, 4)))
        yield (wave + generator.normal(0, 0.02, len(axis))).astype(np.float32)
    yield np.array([0.25], np.float32)


def write(folder, waves, rate):
    import soundfile
    for number, wave in enumerate(waves):
        (folder / "ab"[number % 2]).mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / "ab"[number % 2] / f"{number}.wav", wave, rate, subtype="FLOAT")


def in_order(rows):
    """By class, then by name."""
    return np.concatenate([np.atleast_2d(rows[i]) for i in (*range(0, len(rows), 2), *range(1, len(rows), 2))])


def features(enxerto, folder, backbone):
    out = folder / "out.npy"
    done = subprocess.run([enxerto, "features", folder / "data", "--backbone", backbone, "--output", out, "--precision", "fp32",
                           "--no-cache", "--quiet"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return np.load(out)


def yamnet_answers(path, waves):
    """Writes the file, and returns the embeddings of each patch of each recording."""
    import yamnet
    model, named = yamnet.network()
    yamnet.randomise(named, 5)
    yamnet.save_h5(path, named)
    return [np.asarray(model(yamnet.patches(wave))[0]) for wave in waves]


def elsewhere(python, path, waves, work):
    """The same by a Python that has TensorFlow."""
    np.savez(work / "waves.npz", *waves)
    code = ("import sys,numpy as np\nsys.path[:0]=sys.argv[1:3]\nfrom sound_networks import yamnet_answers\n"
            "f=np.load(sys.argv[4]);r=yamnet_answers(sys.argv[3],[f[n] for n in f.files])\nnp.savez(sys.argv[4],*r)\n")
    (work / "run.py").write_text(code)
    subprocess.run([python, work / "run.py", ROOT / "tools/golden", ROOT / "tools/parity", path, work / "waves.npz"], check=True,
                   stderr=subprocess.DEVNULL)
    found = np.load(work / "waves.npz")
    return [found[name] for name in found.files]


def panns_answers(path, waves):
    import panns
    import torch
    network = panns.randomise(panns.Cnn14(), 4)
    torch.save({"iteration": 600_000, "model": network.state_dict()}, path)
    with torch.no_grad():
        return [network(torch.tensor(panns.padded(wave))[None])[0].numpy() for wave in waves]


def embedding_answers(folder, waves):
    import onnxruntime
    mel = onnxruntime.InferenceSession(str(folder / "melspectrogram.onnx"))
    network = onnxruntime.InferenceSession(str(folder / "embedding_model.onnx"))
    for wave in waves:
        count = 1 + max(0, -(-(len(wave) - 12_512) // 1_280))
        wave = np.pad(wave, (0, max(0, 12_512 + 1_280 * (count - 1) - len(wave)))) * np.float32(32_768)
        parts = [mel.run(None, {"input": wave[None, 1_280 * i:1_280 * i + 12_512]})[0].reshape(76, 32) / 10 + 2 for i in range(count)]
        yield network.run(None, {"input_1": np.stack(parts)[..., None]})[0].reshape(count, 96)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("enxerto")
    arguments.add_argument("--embedding", type=pathlib.Path)
    arguments.add_argument("--tensorflow")
    asked = arguments.parse_args()
    rows = [("YAMNet, yamnet.h5", 16_000, "yamnet.h5", "a patch"), ("PANNs, Cnn14_mAP=0.431.pth", 32_000, "Cnn14_mAP=0.431.pth", "a clip")]
    if asked.embedding:
        rows.append(("speech embedding, its own weights", 16_000, None, "a window"))
    print("| network | rows | largest difference |\n|---|---|---|")
    equal = True
    for name, rate, file, per in rows:
        with tempfile.TemporaryDirectory() as work:
            work, waves = pathlib.Path(work), list(sounds(rate))
            write(work / "data", waves, rate)
            if file is None:
                wanted = list(embedding_answers(asked.embedding, waves))
            elif file == "yamnet.h5":
                wanted = elsewhere(asked.tensorflow, work / file, waves, work) if asked.tensorflow else yamnet_answers(work / file, waves)
            else:
                wanted = panns_answers(work / file, waves)
            wanted, found = in_order(wanted), features(asked.enxerto, work, asked.embedding if file is None else work / file)
            difference = np.abs(found - wanted).max() / np.abs(wanted).max() if found.shape == wanted.shape else np.inf
            equal = equal and difference <= LIMIT
            print(f"| {name} | {len(found)}, one {per} | {difference:.1e} |", flush=True)
    sys.exit(0 if equal else 1)


if __name__ == "__main__":
    main()
