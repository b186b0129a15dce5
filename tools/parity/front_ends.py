"""Holds every front end of sounds against its original on real recordings, silence and a single sample.

Usage: python tools/parity/front_ends.py BUILD RECORDINGS [NAME..] [--embedding FOLDER] [--tensorflow PYTHON]
       (needs librosa, torch, torchaudio, torchlibrosa, transformers, onnxruntime; TensorFlow by another Python if need be)

RECORDINGS is a folder of WAV files, such as those of Free Spoken Digits. Both sides hear the same samples: soxr's at the rate
of the front end. Prints the table of docs/data/clips.md: the largest difference of all numbers of all recordings, relative to the
largest number of its recording; and where that is above 1e-5 the share of numbers that are above, and how far both are from the
same formulas in float64. For AST, PANNs and Whisper the original's code is called; where it refuses a recording that is too
short, it hears it with silence behind.
"""
import argparse
import pathlib
import struct
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import soundfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools/golden"), str(ROOT / "tools/parity")]
from comparison import built_program

LIMIT = 1e-5


def heard(path, rate):
    import librosa
    samples, own = soundfile.read(path, dtype="float32")
    return librosa.resample(samples, orig_sr=own, target_sr=rate, res_type="soxr_hq") if own != rate else samples


# ---- originals: samples -> numbers in the order of ours. Each is made once, by a function that returns it.

def librosa_decibels(rate):
    import librosa

    def original(samples):
        samples = librosa.util.fix_length(samples, size=rate * 5 // 2)
        fft = 1 << int(np.ceil(np.log2(round(0.064 * rate))))
        power = librosa.feature.melspectrogram(y=samples, sr=rate, n_fft=fft, win_length=2 * round(0.0125 * rate),
                                               hop_length=round(0.01 * rate), n_mels=128, pad_mode="constant")
        return librosa.power_to_db(power, top_db=80)

    return original


def whisper():
    from transformers import WhisperFeatureExtractor
    extractor = WhisperFeatureExtractor()
    return lambda samples: extractor(samples, sampling_rate=16_000, return_tensors="np").input_features[0]


def wav2vec2():
    from transformers import Wav2Vec2FeatureExtractor
    extractor = Wav2Vec2FeatureExtractor(return_attention_mask=False)

    def original(samples):
        values = extractor(samples, sampling_rate=16_000, return_tensors="np").input_values[0]
        return np.pad(values, (0, -len(values) % 320))

    return original


def ast():
    from transformers import ASTFeatureExtractor
    extractor = ASTFeatureExtractor()

    def original(samples):
        if len(samples) < 400:  # not one window: no frame at all
            return np.full((128, 1024), np.float32((0 - extractor.mean) / (2 * extractor.std)))
        return np.asarray(extractor(samples, sampling_rate=16_000, return_tensors="np").input_values[0]).T

    return original


def panns():
    import torch
    from torchlibrosa.stft import LogmelFilterBank, Spectrogram
    spectrogram = Spectrogram(n_fft=1024, hop_length=320, win_length=1024, window="hann", center=True, pad_mode="reflect",
                              freeze_parameters=True)
    mel = LogmelFilterBank(sr=32_000, n_fft=1024, n_mels=64, fmin=50, fmax=14_000, ref=1.0, amin=1e-10, top_db=None,
                           freeze_parameters=True)

    def original(samples):
        samples = np.pad(samples, (0, max(0, 31 * 320 - len(samples))))
        with torch.no_grad():
            return mel(spectrogram(torch.tensor(samples)[None]))[0, 0].numpy().T  # (mels, frames)

    return original


def speech_embedding(folder):
    import onnxruntime
    session = onnxruntime.InferenceSession(str(pathlib.Path(folder) / "melspectrogram.onnx"))

    def original(samples):
        windows = 1 + max(0, -(-(len(samples) - 12_512) // 1_280))
        samples = np.pad(samples, (0, max(0, 12_512 + 1_280 * (windows - 1) - len(samples))))
        parts = [samples[1_280 * i:1_280 * i + 12_512] * np.float32(32_768) for i in range(windows)]
        return np.stack([session.run(None, {"input": part[None]})[0].reshape(76, 32) / 10 + 2 for part in parts])

    return original


def yamnet():
    from yamnet import patches
    return lambda samples: patches(samples).numpy()


class ElsewhereYamnet:
    """The same by another Python, in which TensorFlow is."""

    def __init__(self, python):
        code = ("import sys,struct,numpy as np\nsys.path.insert(0,sys.argv[1])\nfrom yamnet import patches\n"
                "i,o=sys.stdin.buffer,sys.stdout.buffer\nwhile (h:=i.read(8)):\n"
                " a=patches(np.frombuffer(i.read(4*struct.unpack('<q',h)[0]),np.float32)).numpy().ravel()\n"
                " o.write(struct.pack('<q',a.size)+a.astype('<f4').tobytes());o.flush()\n")
        self.other = subprocess.Popen([python, "-c", code, str(ROOT / "tools/golden")], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def __call__(self, samples):
        self.other.stdin.write(struct.pack("<q", len(samples)) + np.asarray(samples, "<f4").tobytes())
        self.other.stdin.flush()
        return numbers_from(self.other.stdout)


# ---- the same formulas in float64, before the logarithm's noise: of those that are judged by it

def power64(samples, window, hop, fft, centred=None):
    samples = samples.astype(np.float64)
    if centred is not None:
        samples = np.pad(samples, fft // 2 if centred == "reflect" else window // 2, mode=centred)
    frames = np.lib.stride_tricks.sliding_window_view(samples, window)[::hop]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    return np.abs(np.fft.rfft(frames * hann, fft)) ** 2  # (frames, bins)


def truth_log_mel(rate):
    from panns import slaney_triangles
    fft, hop, window = 1 << int(np.ceil(np.log2(round(0.064 * rate)))), round(0.01 * rate), 2 * round(0.0125 * rate)
    matrix = slaney_triangles(rate, fft, 128, 0, rate / 2)

    def truth(samples):
        samples = np.pad(samples, (0, max(0, rate * 5 // 2 - len(samples))))[:rate * 5 // 2]
        level = 10 * np.log10(np.maximum(matrix @ power64(samples, window, hop, fft, "constant").T, 1e-10))
        return np.maximum(level, level.max() - 80)

    return truth


def truth_whisper():
    from panns import slaney_triangles
    matrix = slaney_triangles(16_000, 400, 80, 0, 8_000)

    def truth(samples):
        samples = np.pad(samples, (0, 480_000 - len(samples)))
        level = np.log10(np.maximum(matrix @ power64(samples, 400, 160, 400, "reflect")[:-1].T, 1e-10))
        return (np.maximum(level, level.max() - 8) + 4) / 4

    return truth


def truth_panns():
    from panns import slaney_triangles
    matrix = slaney_triangles(32_000, 1024, 64, 50, 14_000)

    def truth(samples):
        samples = np.pad(samples, (0, max(0, 31 * 320 - len(samples))))
        return 10 * np.log10(np.maximum(matrix @ power64(samples, 1024, 320, 1024, "reflect").T, 1e-10))

    return truth


def truth_yamnet():
    mel = lambda hertz: 1127 * np.log1p(np.asarray(hertz, np.float64) / 700)
    edges = np.linspace(mel(125), mel(7500), 66)
    bins = mel(np.arange(257) * 16_000 / 512)
    matrix = np.maximum(0, np.minimum((bins - edges[:-2, None]) / (edges[1] - edges[0]), (edges[2:, None] - bins) / (edges[1] - edges[0])))
    matrix[:, 0] = 0

    def truth(samples):
        count = 1 + max(0, -(-(len(samples) - 15_600) // 7_680))
        samples = np.pad(samples, (0, max(0, 15_600 + 7_680 * (count - 1) - len(samples))))
        frames = np.log(np.sqrt(power64(samples, 400, 160, 512)) @ matrix.T + 0.001)
        return np.stack([frames[48 * i:48 * i + 96] for i in range(count)])

    return truth


def truth_ast():
    mel = lambda hertz: 1127 * np.log1p(np.asarray(hertz, np.float64) / 700)
    low, step = mel(20), (mel(8_000) - mel(20)) / 129
    bins, begins = mel(np.arange(257) * 16_000 / 512), low + step * np.arange(128)[:, None]
    matrix = np.maximum(0, np.minimum((bins - begins) / step, (begins + 2 * step - bins) / step))
    matrix[:, 256] = 0
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 399)

    def truth(samples):
        found = np.zeros((1024, 128))
        if len(samples) >= 400:
            frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float64), 400)[::160][:1024]
            frames = frames - frames.mean(axis=1, keepdims=True)
            frames = frames - 0.97 * np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
            power = np.abs(np.fft.rfft(frames * hann, 512)) ** 2
            found[:len(frames)] = np.log(np.maximum(power @ matrix.T, 1.1920928955078125e-07))
        return ((found + 4.2677393) / (2 * 4.5689974)).T

    return truth


# ----

def numbers_from(stream):
    header = stream.read(8)
    return np.frombuffer(stream.read(4 * struct.unpack("<q", header)[0]), "<f4") if len(header) == 8 else None


def compare(program, name, rate, original, truth, files):
    """Largest relative difference of each part, and what is said of those above the limit."""
    import threading
    ours = subprocess.Popen([str(program), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    threading.Thread(target=lambda: (ours.stdin.write("\n".join(map(str, files)).encode() + b"\n"), ours.stdin.close()),
                     daemon=True).start()
    worst, above, count, far = [], 0, 0, np.zeros(2)
    for path in files:
        samples = heard(path, rate)
        wanted, found = np.asarray(original(samples), np.float32), numbers_from(ours.stdout)
        if found is None:
            sys.exit(f"{name} has ended at {path}")
        if name == "panns":  # three rows or four behind the last frame
            found = found.reshape(64, -1)[:, :wanted.shape[1]]
        if name == "wav2vec2":  # rows behind the last one
            found = found[:wanted.size] if not found[wanted.size:].any() else found
        largest = np.abs(wanted).max()
        difference = np.abs(found.ravel() - wanted.ravel()) / (largest if largest > 0 else 1)
        worst.append(difference.max())
        above, count = above + (difference > LIMIT).sum(), count + difference.size
        if truth is not None and difference.max() > LIMIT:
            right = truth(samples).ravel()
            for side, values in enumerate((found, wanted)):
                far[side] = max(far[side], np.abs(values.ravel() - right).max() / largest)
    return np.array(worst), above / count, far


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("build", type=pathlib.Path)
    arguments.add_argument("recordings", type=pathlib.Path)
    arguments.add_argument("names", nargs="*")
    arguments.add_argument("--embedding")
    arguments.add_argument("--tensorflow")
    asked = arguments.parse_args()
    warnings.filterwarnings("ignore", message="n_fft=")
    rows = {
        "log_mel_8000": ("librosa mel, dB, at 8 kHz", "librosa", 8_000, lambda: librosa_decibels(8_000), lambda: truth_log_mel(8_000)),
        "log_mel_16000": ("the same at 16 kHz", "librosa", 16_000, lambda: librosa_decibels(16_000), lambda: truth_log_mel(16_000)),
        "whisper": ("Whisper", "transformers", 16_000, whisper, truth_whisper),
        "wav2vec2": ("wav2vec 2.0", "transformers", 16_000, wav2vec2, None),
        "ast": ("AST: Kaldi's filter banks", "transformers, torchaudio", 16_000, ast, truth_ast),
        "yamnet": ("YAMNet", "TensorFlow", 16_000, (lambda: ElsewhereYamnet(asked.tensorflow)) if asked.tensorflow else yamnet, truth_yamnet),
        "panns": ("PANNs", "torchlibrosa", 32_000, panns, truth_panns),
    }
    if asked.embedding:
        rows[f"speech_embedding:{asked.embedding}"] = ("speech embedding", "its ONNX file", 16_000,
                                                       lambda: speech_embedding(asked.embedding), None)
    files = sorted(asked.recordings.glob("*.wav"))
    print("| front end | original | largest difference | above 1e-5 | from float64: ours | theirs | silence | one sample |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        program = built_program("front_ends", asked.build, folder)
        odd = [pathlib.Path(folder) / "silence.wav", pathlib.Path(folder) / "sample.wav"]
        soundfile.write(odd[0], np.zeros(8_000, np.int16), 16_000)
        soundfile.write(odd[1], np.array([1_000], np.int16), 16_000)
        for name, (what, whose, rate, original, truth) in rows.items():
            if asked.names and not any(name.startswith(one) for one in asked.names):
                continue
            worst, above, far = compare(program, name, rate, original(), truth() if truth else None, files + odd)
            recordings, silence, sample = worst[:-2].max(), *worst[-2:]
            apart = [f"{value:.1e}" if recordings > LIMIT and truth else "-" for value in far]
            print(f"| {what} | {whose} | {recordings:.1e} | {100 * above:.2g} % | {apart[0]} | {apart[1]} | {silence:.1e} | {sample:.1e} |",
                  flush=True)


main()
