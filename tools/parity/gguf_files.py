#!/usr/bin/env python3
"""Holds a GGUF file as a backbone against a folder of transformers with the numbers that the Python package gguf makes of it:
features must be equal to the bit, and tokens of texts those of the folder's tokenizer.

    python3 tools/parity/gguf_files.py ENXERTO FILE.gguf FOLDER [--texts FILE]

FOLDER is one of transformers with the same network: its config.json and tokenizer.json are taken, its weights are not.
Texts are lines of FILE, or a few odd ones. Needs gguf 0.19, numpy, tokenizers 0.22.2.
"""
import argparse
import json
import pathlib
import shutil
import struct
import subprocess
import tempfile

import gguf
import numpy as np
import tokenizers

NAMES = {"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_q": "self_attn.q_proj",
         "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
         "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}
WHOLE = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}
TEXTS = ["The capital of France is", "don't DON'T 1234567890 12 3", "a\u0301 naïve Ação  ½ ٠١٢", "x<|im_end|>y  ",
         "👨‍👩‍👧 中文字 한국어 ไทย", "if x == 10:\n\treturn  None"]


def in_halves(values, heads):
    """As llama.cpp's conversion permutes rows of queries and keys, undone."""
    rows = values.reshape(heads, values.shape[0] // heads // 2, 2, -1).swapaxes(1, 2)
    return np.ascontiguousarray(rows).reshape(values.shape)


def tensors(file, config):
    heads = {"attn_q": config["num_attention_heads"], "attn_k": config["num_key_value_heads"]}
    for tensor in gguf.GGUFReader(file).tensors:
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        parts = tensor.name.split(".")
        if parts[0] == "blk":
            if config["model_type"] == "llama" and parts[2] in heads:
                values = in_halves(values, heads[parts[2]])
            yield f"model.layers.{parts[1]}.{NAMES[parts[2]]}.{parts[3]}", values
        elif tensor.name in WHOLE:
            yield WHOLE[tensor.name], values


def write_folder(folder, file, like):
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        shutil.copy(like / name, folder)
    header, data, end = {}, [], 0
    for name, values in tensors(file, json.loads((like / "config.json").read_text())):
        header[name] = {"dtype": "F32", "shape": values.shape, "data_offsets": [end, end + values.nbytes]}
        end += values.nbytes
        data.append(values)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(folder / "model.safetensors", "wb") as output:
        output.write(struct.pack("<Q", len(text)) + text)
        for values in data:
            output.write(values.tobytes())


def features(enxerto, backbone, folder):
    output = folder / "features.npy"
    subprocess.run([enxerto, "features", folder / "texts.csv", "--backbone", backbone, "--output", output, "--replace",
                    "--precision", "fp32", "--no-cache"], check=True, capture_output=True)
    return np.load(output)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("enxerto", type=pathlib.Path)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--texts", type=pathlib.Path)
    given = parser.parse_args()
    texts = given.texts.read_text(encoding="utf-8").splitlines() if given.texts else TEXTS
    theirs = tokenizers.Tokenizer.from_file(str(given.folder / "tokenizer.json"))
    different = 0
    for text in texts:
        run = subprocess.run([given.enxerto, "inspect", given.file, "--text", text, "--json"], check=True, capture_output=True)
        ours = json.loads(run.stdout)["tokens"]
        different += [token["id"] for token in ours] != theirs.encode(text).ids
    print(f"{len(texts)} texts, tokens of {different} differ")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_folder(folder, given.file, given.folder)
        (folder / "texts.csv").write_text("text,label\n" + "".join(
            '"{}",{}\n'.format(text.replace('"', '""'), i % 2) for i, text in enumerate(texts[:4])), encoding="utf-8")
        a, b = (features(given.enxerto, backbone, folder) for backbone in (given.file, folder))
    equal = a.shape == b.shape and a.tobytes() == b.tobytes()
    print(f"features of {len(a)} texts: {'equal to the bit' if equal else f'differ by {np.abs(a - b).max()}'}")
    return 0 if equal and not different else 1


if __name__ == "__main__":
    raise SystemExit(main())
