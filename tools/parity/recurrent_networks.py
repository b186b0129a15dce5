"""Holds recurrent networks against PyTorch and Keras: random weights in each kind of file, and textgenrnn's real ones.

Usage: KERAS_BACKEND=torch python tools/parity/recurrent_networks.py ENXERTO [TEXTGENRNN]   (needs torch, keras, tokenizers)

Each network is saved by its library with a tokenizer of sixty words, read by `enxerto features` from lines of text, and
its rows are compared with the library's own states: the last, mean and largest side by side, of a bidirectional one mean
and largest. TEXTGENRNN is a folder with
textgenrnn_weights.hdf5 and textgenrnn_vocab.json, whose second layer is computed by NumPy from the file's own numbers.
Prints the table of docs/language-models.md: the largest difference, relative to the largest number.
"""
import json
import pathlib
import sys
import tempfile

import h5py
import keras
import numpy as np
import torch

from language_models import LIMIT, TEXTS, difference, found_by, write_tokenizer

IDS = [[int(word[1:]) for word in text.split()] for text in TEXTS]
LETTERS = ["How do I", "The best ", "TIL that cats can see in the dark"]


class Torch(torch.nn.Module):
    def __init__(self, kind, **options):
        super().__init__()
        self.embedding = torch.nn.Embedding(60, 24)
        self.rnn = kind(24, 20, num_layers=2, batch_first=True, **options)

    def states(self, ids):
        with torch.no_grad():
            return self.rnn(self.embedding(torch.tensor([ids])))[0][0].numpy()


def keras_model(*layers):
    words = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(60, 24)(words)
    for layer in layers:
        x = layer(x)
    model = keras.Model(words, x)
    for variable in model.weights:
        variable.assign(np.random.default_rng(len(variable.path)).normal(0, 0.3, variable.shape))
    model.states = lambda ids: keras.ops.convert_to_numpy(model(np.array([ids])))[0]
    return model


def networks():
    lstm, gru = torch.nn.LSTM, torch.nn.GRU
    K = keras.layers
    return {
        "PyTorch LSTM": Torch(lstm), "PyTorch LSTM, bidirectional": Torch(lstm, bidirectional=True),
        "PyTorch GRU": Torch(gru), "PyTorch RNN": Torch(torch.nn.RNN),
        "Keras LSTM": keras_model(K.LSTM(20, return_sequences=True), K.LSTM(12, return_sequences=True)),
        "Keras LSTM, bidirectional": keras_model(K.Bidirectional(K.LSTM(20, return_sequences=True))),
        "Keras GRU": keras_model(K.GRU(20, return_sequences=True), K.GRU(7, return_sequences=True, reset_after=False)),
    }


def files(network, folder):
    if isinstance(network, Torch):
        torch.save(network.state_dict(), folder / "net.pt")
        return ["net.pt"]
    network.save(folder / "net.keras")
    network.save(folder / "net.h5")
    network.save_weights(folder / "net.weights.h5")
    return ["net.keras", "net.h5", "net.weights.h5"]


def pooled(states, bidirectional=False):
    return np.stack([np.concatenate([*([] if bidirectional else [rows[-1]]), rows.mean(0), rows.max(0)]) for rows in states])


def random_weights(enxerto):
    worst = 0
    print("| network | file | difference |\n|---|---|---|")
    torch.manual_seed(1)
    for name, network in networks().items():
        states = [network.states(ids) for ids in IDS]
        with tempfile.TemporaryDirectory() as work:
            folder = pathlib.Path(work)
            write_tokenizer(folder)
            for file in files(network, folder):
                found = difference(found_by(enxerto, folder / file, TEXTS), pooled(states, "bidirectional" in name))
                print(f"| {name} | {file[3:]} | {found:.1e} |")
                worst = max(worst, found)
    return worst


def lstm_of_cudnn(file, name, x):
    """As Keras converts CuDNN's layout: README.md of the folder."""
    kernel, recurrent, bias = (np.array(file[f"{name}/{name}/{part}:0"], np.float64)
                               for part in ("kernel", "recurrent_kernel", "bias"))
    units = recurrent.shape[0]
    gates = range(0, 4 * units, units)
    kernel = np.hstack([kernel[:, g:g + units].T.reshape(kernel.shape[0], units, order="F") for g in gates])
    recurrent = np.hstack([recurrent[:, g:g + units].T for g in gates])
    h, c, rows = np.zeros(units), np.zeros(units), []
    for row in x:
        i, f, g, o = np.split(row @ kernel + h @ recurrent + bias[:4 * units] + bias[4 * units:], 4)
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        h = np.tanh(c) / (1 + np.exp(-o))
        rows.append(h)
    return np.stack(rows)


def textgenrnn(enxerto, folder):
    words = json.loads((folder / "textgenrnn_vocab.json").read_text())
    states = []
    with h5py.File(folder / "textgenrnn_weights.hdf5") as file:
        vectors = np.array(file["embedding/embedding/embeddings:0"], np.float64)
        for text in LETTERS:
            ids = [words["<s>"], *(words.get(letter, 0) for letter in text)]
            states.append(lstm_of_cudnn(file, "rnn_2", lstm_of_cudnn(file, "rnn_1", vectors[ids])))
    found = difference(found_by(enxerto, folder / "textgenrnn_weights.hdf5", LETTERS), pooled(states))
    print(f"| textgenrnn, real weights | .hdf5 | {found:.1e} |")
    return found


if __name__ == "__main__":
    largest = random_weights(sys.argv[1])
    if len(sys.argv) > 2:
        largest = max(largest, textgenrnn(sys.argv[1], pathlib.Path(sys.argv[2])))
    sys.exit(0 if largest <= LIMIT else f"{largest:.1e} is more than {LIMIT}")
