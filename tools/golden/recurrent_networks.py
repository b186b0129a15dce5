"""Writes tests/golden/recurrent_networks/<case>.json: what recurrent networks of PyTorch and Keras answer, with their own
tensors' names, and tests/golden/weights/keras/recurrent.{keras,weights.h5}: one small network as Keras saves it.

Usage: KERAS_BACKEND=torch python tools/golden/recurrent_networks.py [CASE..]     (needs torch, timm, torchvision, keras 3)

Weights are filled as zoo.py fills them, by the names that a saved file has; tests/parity/recurrent_networks_test.cpp makes
the same tensors, reads them as a user's file and holds its outputs against these. Numbers from networks in float64; the
second text is shorter, and padded.
"""
import json
import pathlib
import sys

import keras
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import zoo  # noqa: E402
from vision_transformers import compact  # noqa: E402

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden"
FOLDER = GOLDEN / "recurrent_networks"
WORDS, STRIDE = 20, 2
MASK = [[1] * 7, [1] * 4 + [0] * 3]
# Never 0, which is padding.
IDS = [[1 + (7 * row + 5 * column * column + column) % (WORDS - 1) for column in range(7)] for row in range(2)]


class Stack(torch.nn.Module):
    def __init__(self, kind, layers, bidirectional, bias=True):
        super().__init__()
        self.embedding = torch.nn.Embedding(WORDS, 6)
        self.lstm = kind(6, 5, num_layers=layers, bidirectional=bidirectional, bias=bias, batch_first=True)
        self.fc = torch.nn.Linear(10 if bidirectional else 5, 2)

    def states(self, ids, lengths):
        packed = torch.nn.utils.rnn.pack_padded_sequence(self.embedding(ids), lengths, batch_first=True)
        return torch.nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)[0]


class Awd(torch.nn.Module):
    """fastai's names: each layer is a module, whose weights of the state are kept raw; the decoder is tied."""

    def __init__(self):
        super().__init__()
        self.encoder = torch.nn.Embedding(WORDS, 6)
        self.rnns = torch.nn.ModuleList(torch.nn.LSTM(i, o, batch_first=True) for i, o in ((6, 8), (8, 8), (8, 6)))

    def states(self, ids, lengths):
        x = torch.nn.utils.rnn.pack_padded_sequence(self.encoder(ids), lengths, batch_first=True)
        for layer in self.rnns:
            x = layer(x)[0]
        return torch.nn.utils.rnn.pad_packed_sequence(x, batch_first=True)[0]

    def fastai_name(self, name):
        if name.startswith("rnns.") and "weight_hh" in name:
            return f"0.{name}_raw"
        if name.startswith("rnns."):
            module, tensor = name.rsplit(".", 1)
            return f"0.{module}.module.{tensor}"
        return f"0.{name}"


def torch_answer(network):
    name_of = getattr(network, "fastai_name", lambda name: name)
    tensors = {}
    with torch.no_grad():
        for name, value in network.state_dict().items():
            tensors[name_of(name)] = list(value.shape)
            value.copy_(torch.from_numpy(zoo.filled(name_of(name), tuple(value.shape))))
        lengths = torch.tensor(MASK).sum(1)
        return tensors, network.double().states(torch.tensor(IDS), lengths)


def keras_network(layers):
    words = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(WORDS, 6, mask_zero=True, name="words")(words)
    for layer in layers:
        x = layer(x)
    return keras.Model(words, x)


def keras_answer(layers):
    keras.config.set_floatx("float64")
    network = keras_network(layers())
    tensors = {}
    for variable in network.weights:
        tensors[variable.path] = list(variable.shape)
        variable.assign(zoo.filled(variable.path, tuple(variable.shape)))
    ids = torch.tensor(IDS) * torch.tensor(MASK)
    with torch.no_grad():
        states = network(ids)
    keras.config.set_floatx("float32")
    return tensors, states


def bidirectional_and_gru():
    return [keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True, name="lstm"), name="both"),
            keras.layers.GRU(5, return_sequences=True, name="gru")]


def older_gru():
    return [keras.layers.GRU(5, return_sequences=True, reset_after=False, name="gru"),
            keras.layers.SimpleRNN(4, return_sequences=True, name="simple")]


CASES = {
    "torch_bidirectional": lambda: torch_answer(Stack(torch.nn.LSTM, 2, True)),
    "torch_awd_lstm": lambda: torch_answer(Awd()),
    "torch_gru": lambda: torch_answer(Stack(torch.nn.GRU, 2, False)),
    "torch_rnn_without_biases": lambda: torch_answer(Stack(torch.nn.RNN, 1, True, bias=False)),
    "keras_bidirectional": lambda: keras_answer(bidirectional_and_gru),
    "keras_older_gru": lambda: keras_answer(older_gru),
}


def golden(name, tensors, states):
    counted = states[torch.tensor(MASK).bool()].flatten()
    return {
        "case": name,
        "reference": f"torch {torch.__version__}" if name.startswith("torch") else f"keras {keras.__version__}",
        "tensors": tensors,
        "input_ids": IDS,
        "attention_mask": MASK,
        "scale": float(counted.abs().max()),
        "stride": STRIDE,
        "states": [float(f"{value:.9g}") for value in counted[::STRIDE]],
    }


def write_formats():
    """The n-th tensor of the network holds 100 n, 100 n + 1, ..: the tests need no second file."""
    network = keras_network([keras.layers.Bidirectional(keras.layers.LSTM(2, return_sequences=True, name="lstm"), name="both"),
                             keras.layers.LSTM(3, name="top"), keras.layers.Dense(2, name="answer")])
    for number, variable in enumerate(network.weights):
        size = int(torch.tensor(variable.shape).prod())
        variable.assign(torch.arange(100 * number, 100 * number + size, dtype=torch.float32).reshape(*variable.shape))
    folder = GOLDEN / "weights" / "keras"
    network.save(folder / "recurrent.keras")
    network.save_weights(folder / "recurrent.weights.h5")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for case in sys.argv[1:] or CASES:
        (FOLDER / f"{case}.json").write_text(compact(golden(case, *CASES[case]())))
    if not sys.argv[1:]:
        write_formats()
