"""Writes tests/golden/recurrent/{lstm,gru}.safetensors: what PyTorch's nn.LSTM and nn.GRU give for two bidirectional
layers and a packed batch of examples of three lengths, with the gradients of the parameters.

Usage: python tools/golden/recurrent_operators.py     (needs torch, safetensors)

The loss is the sum of the outputs times cos(0.7 i + 0.3), i counted in memory order. tests/parity/training_recurrent_test.cpp
computes the same by the ONNX operators.
"""
import pathlib

import torch
from safetensors.torch import save_file
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "recurrent"
LENGTHS, FEATURES, HIDDEN = [3, 5, 1], 3, 2


def case(kind):
    torch.manual_seed(7)
    network = kind(FEATURES, HIDDEN, num_layers=2, bidirectional=True)
    x = torch.randn(max(LENGTHS), len(LENGTHS), FEATURES)
    packed = pack_padded_sequence(x, torch.tensor(LENGTHS), enforce_sorted=False)
    rows, states = network(packed)
    rows, _ = pad_packed_sequence(rows)
    (rows * torch.cos(torch.arange(rows.numel()) * 0.7 + 0.3).reshape(rows.shape)).sum().backward()
    tensors = {"x": x, "lengths": torch.tensor(LENGTHS, dtype=torch.int32), "rows": rows}
    tensors |= {"h": states[0], "c": states[1]} if isinstance(states, tuple) else {"h": states}
    for name, parameter in network.named_parameters():
        tensors[name] = parameter
        tensors[f"gradient.{name}"] = parameter.grad
    return {name: tensor.detach().contiguous() for name, tensor in tensors.items()}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    save_file(case(torch.nn.LSTM), FOLDER / "lstm.safetensors")
    save_file(case(torch.nn.GRU), FOLDER / "gru.safetensors")
