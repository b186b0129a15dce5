"""Holds every front end of sounds against its original on real recordings, silence and a single sample.

Usage: python tools/parity/front_ends.py BUILD RECORDINGS [NAME..] [--embedding FOLDER] [--tensorflow PYTHON]
       (needs librosa, torch, torchaudio, torchlibrosa, transformers, onnxruntime; TensorFlow by another Python if need be)

RECORDINGS is a folder of WAV files, such as those of Free Spoken Digits. Both sides hear the same samples: soxr's at the rate
of the front end. Prints the table of docs/data/clips.md: the largest difference of all numbers of all recordings, relative to the
largest number of its recording, and the share of numbers that are more than 1e-5 apart. The originals' own code is called in
double precision: in single precision, that of most makes something of nothing where a logarithm is taken of next to nothing. How
far the original in single precision is from itself in double, and from ours, stands beside it. Where an original refuses a
recording that is too short, it hears it with silence behind. Ends with 1 where a figure is above 1e-5.
"""
import argparse
import pathlib
import struct
import subprocess
import sys
import tempfile
import threading
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


# ---- originals: `double` -> (samples -> numbers in the order of ours, in that precision)

def librosa_decibels(rate):
    def made(double):
        import librosa
        kind = np.float64 if double else np.float32

        def original(samples):
            fft = 1 << int(np.ceil(np.log2(round(0.064 * rate))))
            power = librosa.feature.melspectrogram(y=samples.astype(kind), sr=rate, n_fft=fft, win_length=2 * round(0.0125 * rate),
                                                   hop_length=round(0.01 * rate), n_mels=128, pad_mode="constant", dtype=kind)
            return librosa.power_to_db(power, top_db=80)

        return original

    return made


def whisper(double):
    from transformers import WhisperFeatureExtractor
    extractor = WhisperFeatureExtractor()
    if not double:  # by torch
        return lambda samples: extractor(samples, sampling_rate=16_000, return_tensors="np").input_features[0]

    def original(samples):  # without torch, NumPy's transform is called, which is in double precision
        whole = np.pad(samples, (0, extractor.n_samples - len(samples))).astype(np.float64)
        return np.asarray(extractor._np_extract_fbank_features(whole[None], device="cpu"))[0]

    return original


def wav2vec2(double):
    from transformers import Wav2Vec2FeatureExtractor
    extractor = Wav2Vec2FeatureExtractor(return_attention_mask=False)

    def original(samples):
        kind = np.float64 if double else np.float32
        values = extractor.zero_mean_unit_var_norm([samples.astype(kind)], None)[0]
        return np.pad(values, (0, -len(values) % 320))

    return original


def ast(double):
    import torch
    from transformers import ASTFeatureExtractor
    extractor = ASTFeatureExtractor()

    def original(samples):
        if len(samples) < 400:  # not one window: no frame at all
            return np.full((128, 1024), (0 - extractor.mean) / (2 * extractor.std))
        torch.set_default_dtype(torch.float64 if double else torch.float32)
        bands = extractor._extract_fbank_features(samples.astype(np.float64 if double else np.float32), max_length=1024)
        torch.set_default_dtype(torch.float32)
        return extractor.normalize(np.asarray(bands)).T

    return original


def panns(double):
    import torch
    from torchlibrosa.stft import LogmelFilterBank, Spectrogram
    torch.set_default_dtype(torch.float64 if double else torch.float32)  # of the tables that both make
    spectrogram = Spectrogram(n_fft=1024, hop_length=320, win_length=1024, window="hann", center=True, pad_mode="reflect",
                              freeze_parameters=True)
    mel = LogmelFilterBank(sr=32_000, n_fft=1024, n_mels=64, fmin=50, fmax=14_000, ref=1.0, amin=1e-10, top_db=None,
                           freeze_parameters=True)
    kind = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)

    def original(samples):
        samples = np.pad(samples, (0, max(0, 31 * 320 - len(samples))))
        with torch.no_grad():
            return mel(spectrogram(torch.tensor(samples, dtype=kind)[None]))[0, 0].numpy().T  # (mels, frames)

    return original


def speech_embedding(folder):
    """Its ONNX file, which is in single precision."""
    def made(_):
        import onnxruntime
        session = onnxruntime.InferenceSession(str(pathlib.Path(folder) / "melspectrogram.onnx"))

        def original(samples):
            windows = 1 + max(0, -(-(len(samples) - 12_512) // 1_280))
            samples = np.pad(samples, (max(0, 12_512 + 1_280 * (windows - 1) - len(samples)), 0))
            parts = [samples[1_280 * i:1_280 * i + 12_512] * np.float32(32_768) for i in range(windows)]
            return np.stack([session.run(None, {"input": part[None]})[0].reshape(76, 32) / 10 + 2 for part in parts])

        return original

    return made


def yamnet(double):
    from yamnet import patches
    return lambda samples: patches(samples.astype(np.float64 if double else np.float32)).numpy()


class ElsewhereYamnet:
    """The same by another Python, in which TensorFlow is."""

    def __init__(self, python, double):
        code = ("import sys,struct,numpy as np\nsys.path.insert(0,sys.argv[1])\nfrom yamnet import patches\n"
                f"kind={'np.float64' if double else 'np.float32'}\n"
                "i,o=sys.stdin.buffer,sys.stdout.buffer\nwhile (h:=i.read(8)):\n"
                " a=patches(np.frombuffer(i.read(4*struct.unpack('<q',h)[0]),np.float32).astype(kind)).numpy().ravel()\n"
                " o.write(struct.pack('<q',a.size)+a.astype('<f4').tobytes());o.flush()\n")
        self.other = subprocess.Popen([python, "-c", code, str(ROOT / "tools/golden")], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def __call__(self, samples):
        self.other.stdin.write(struct.pack("<q", len(samples)) + np.asarray(samples, "<f4").tobytes())
        self.other.stdin.flush()
        return numbers_from(self.other.stdout)


# ----

def numbers_from(stream):
    header = stream.read(8)
    return np.frombuffer(stream.read(4 * struct.unpack("<q", header)[0]), "<f4") if len(header) == 8 else None


def apart(found, wanted, largest):
    return np.abs(found.ravel().astype(np.float64) - wanted.ravel()) / (largest if largest > 0 else 1)


def compare(program, name, rate, made, files):
    """Of each file: the largest difference from the original in double precision, from that in single, and between the two."""
    ours = subprocess.Popen([str(program), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    threading.Thread(target=lambda: (ours.stdin.write("\n".join(map(str, files)).encode() + b"\n"), ours.stdin.close()),
                     daemon=True).start()
    in_double, in_single = made(True), made(False)
    worst, above, count = [], 0, 0
    for path in files:
        samples = heard(path, rate)
        right, single, found = np.asarray(in_double(samples)), np.asarray(in_single(samples)), numbers_from(ours.stdout)
        if found is None:
            sys.exit(f"{name} has ended at {path}")
        if name == "panns":  # three rows or four behind the last frame
            found = found.reshape(64, -1)[:, :right.shape[1]]
        if name == "wav2vec2":  # rows behind the last one
            found = found[:right.size] if not found[right.size:].any() else found
        largest = np.abs(right).max()
        difference = apart(found, right, largest)
        above, count = above + (difference > LIMIT).sum(), count + difference.size
        worst.append((difference.max(), apart(found, single, largest).max(), apart(single, right, largest).max()))
    return np.array(worst), above / count


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("build", type=pathlib.Path)
    arguments.add_argument("recordings", type=pathlib.Path)
    arguments.add_argument("names", nargs="*")
    arguments.add_argument("--embedding")
    arguments.add_argument("--tensorflow")
    arguments.add_argument("--every", type=int, default=1, help="only each so many-th recording")
    asked = arguments.parse_args()
    warnings.filterwarnings("ignore", message="n_fft=")
    rows = {
        "log_mel_8000": ("librosa mel, dB, at 8 kHz", "librosa", 8_000, librosa_decibels(8_000)),
        "log_mel_16000": ("the same at 16 kHz", "librosa", 16_000, librosa_decibels(16_000)),
        "whisper": ("Whisper", "transformers", 16_000, whisper),
        "wav2vec2": ("wav2vec 2.0", "transformers", 16_000, wav2vec2),
        "ast": ("AST: Kaldi's filter banks", "transformers, torchaudio", 16_000, ast),
        "yamnet": ("YAMNet", "TensorFlow", 16_000,
                   (lambda double: ElsewhereYamnet(asked.tensorflow, double)) if asked.tensorflow else yamnet),
        "panns": ("PANNs", "torchlibrosa", 32_000, panns),
    }
    if asked.embedding:
        rows[f"speech_embedding:{asked.embedding}"] = ("speech embedding", "its ONNX file", 16_000, speech_embedding(asked.embedding))
    files = sorted(asked.recordings.glob("*.wav"))[::asked.every]
    print("| front end | original | largest difference | above 1e-5 | silence | one sample | from the original in single precision "
          "| that from its own double |")
    print("|---|---|---|---|---|---|---|---|")
    largest = 0
    with tempfile.TemporaryDirectory() as folder:
        program = built_program("front_ends", asked.build, folder)
        odd = [pathlib.Path(folder) / "silence.wav", pathlib.Path(folder) / "sample.wav"]
        soundfile.write(odd[0], np.zeros(8_000, np.int16), 16_000)
        soundfile.write(odd[1], np.array([1_000], np.int16), 16_000)
        for name, (what, whose, rate, made) in rows.items():
            if asked.names and not any(name.startswith(one) for one in asked.names):
                continue
            worst, above = compare(program, name, rate, made, files + odd)
            recordings, silence, sample = worst[:-2].max(axis=0), *worst[-2:, 0]
            largest = max(largest, recordings[0], silence, sample)
            print(f"| {what} | {whose} | {recordings[0]:.1e} | {100 * above:.2g} % | {silence:.1e} | {sample:.1e} "
                  f"| {recordings[1]:.1e} | {recordings[2]:.1e} |", flush=True)
    sys.exit(1 if largest > LIMIT else 0)


main()
