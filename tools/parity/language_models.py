"""Holds language models against transformers: random weights of each architecture in each kind of file, and real folders.

Usage: python tools/parity/language_models.py ENXERTO [FOLDER..]     (needs torch, transformers; see tools/parity/torch.txt)

Each network is saved by transformers with a tokenizer of sixty words, read by `enxerto features` from lines of text, and
its rows are compared with those that transformers' states give: the mean of the tokens that count, or the last of them.
FOLDERs are read as they are; where they are sentence-transformers', rows have the length 1. Prints the tables of
docs/text-backbones.md: the largest difference, relative to the largest number.
"""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import tokenizers
import torch
import transformers as t

SIZES = dict(hidden_size=48, num_hidden_layers=3, num_attention_heads=4, intermediate_size=96, vocab_size=60)
LIMIT = 1e-4
TEXTS = ["w5 w9 w33", "w7", "w11 w12 w13 w14 w15 w16 w17 w18 w19 w20 w21 w22 w23 w24 w25 w26 w27 w28 w29 w30 w59 w58",
         "w40 w41 w3 w2 w9 w9"]
SENTENCES = ["The movie was great.", "A wonderful film, from the first scene to the last!", "o filme foi ótimo", "no",
             "It is neither funny nor sad , and nobody will remember it ; the costumes are nice , though ."]


def networks():
    llama3 = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                  original_max_position_embeddings=32, rope_theta=500000.0)
    grouped = dict(**SIZES, num_key_value_heads=2, max_position_embeddings=64)
    roberta = dict(**SIZES, max_position_embeddings=66, type_vocab_size=1, layer_norm_eps=1e-5)
    return {
        "BERT": t.BertModel(t.BertConfig(**SIZES, max_position_embeddings=64)),
        "BERT with a head": t.BertForSequenceClassification(t.BertConfig(**SIZES, max_position_embeddings=64)),
        "RoBERTa": t.RobertaModel(t.RobertaConfig(**roberta)),
        "XLM-R with a head": t.XLMRobertaForSequenceClassification(t.XLMRobertaConfig(**roberta)),
        "CamemBERT": t.CamembertModel(t.CamembertConfig(**roberta)),
        "DistilBERT": t.DistilBertModel(t.DistilBertConfig(
            dim=48, n_layers=3, n_heads=4, hidden_dim=96, vocab_size=60, max_position_embeddings=64)),
        "GPT-2": t.GPT2LMHeadModel(t.GPT2Config(n_embd=48, n_layer=3, n_head=4, vocab_size=60, n_positions=64)),
        "GPT-NeoX": t.GPTNeoXForCausalLM(t.GPTNeoXConfig(**SIZES, max_position_embeddings=64, rotary_pct=0.5)),
        "Llama": t.LlamaForCausalLM(t.LlamaConfig(**grouped)),
        "Llama 3": t.LlamaForCausalLM(t.LlamaConfig(**grouped, rope_parameters=llama3)),
        "Qwen2": t.Qwen2ForCausalLM(t.Qwen2Config(**grouped)),
    }


FORMATS = {
    "safetensors": dict(),
    "float16": dict(dtype=torch.float16),
    "bfloat16": dict(dtype=torch.bfloat16),
    "shards": dict(max_shard_size="60KB"),
    "PyTorch": dict(pickled=True),
}


def write_tokenizer(folder):
    words = {f"w{i}": i for i in range(60)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="w0"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    tokenizer.save(str(folder / "tokenizer.json"))


def save(network, folder, dtype=torch.float32, pickled=False, **options):
    """Saves it, and leaves in the network what a file of this type holds."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(parameter.to(dtype).float())
    copy.deepcopy(network).to(dtype).save_pretrained(folder, **options)  # its own frequencies stay float32
    if pickled:
        (folder / "model.safetensors").unlink()
        torch.save(network.state_dict(), folder / "pytorch_model.bin")


def fill(network):
    torch.manual_seed(1)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if parameter.ndim > 1:
                parameter.normal_(0, 0.3)
            else:
                parameter.add_(torch.randn_like(parameter) * 0.2)


def rows_of(network, ids, pool):
    """Each text by itself, so that padding has no part in it."""
    body = getattr(network, network.base_model_prefix, network).eval()
    rows = []
    for text in ids:
        with torch.no_grad():
            states = body(input_ids=torch.tensor([text]), attention_mask=torch.ones(1, len(text), dtype=torch.long))
        states = states.last_hidden_state[0]
        row = states[-1] if pool.startswith("last") else states[0] if pool.startswith("first") else states.mean(0)
        rows.append(row / row.norm() if pool.endswith("_unit") else row)
    return torch.stack(rows).numpy()


def found_by(enxerto, folder, texts):
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        lines = ["text,label"] + [f'"{text}",{"ab"[i % 2]}' for i, text in enumerate(texts)]
        (work / "data.csv").write_text("\n".join(lines) + "\n")
        command = [enxerto, "features", str(work / "data.csv"), "--backbone", str(folder), "--output", str(work / "out.npy"),
                   "--precision", "fp32", "--no-cache", "--quiet"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(" ".join(command) + "\n" + done.stderr)
        return np.load(work / "out.npy")


def difference(found, wanted):
    assert found.shape == wanted.shape, (found.shape, wanted.shape)
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


def random_rows(enxerto):
    print("| network | " + " | ".join(FORMATS) + " |\n|---" * 1 + "|---" * len(FORMATS) + "|")
    worst = 0.0
    for name, network in networks().items():
        fill(network)
        pool = "avg" if network.config.model_type in ("bert", "roberta", "xlm-roberta", "camembert", "distilbert") else "last"
        cells = []
        for options in FORMATS.values():
            with tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                save(network, folder, **options)
                write_tokenizer(folder)
                ids = [[int(word[1:]) for word in text.split()] for text in TEXTS]
                cells.append(difference(found_by(enxerto, folder, TEXTS), rows_of(network, ids, pool)))
        worst = max(worst, *cells)
        print(f"| {name} | " + " | ".join(f"{cell:.1e}" for cell in cells) + " |", flush=True)
    return worst


def real_rows(enxerto, folders):
    print("\n| folder | rows |\n|---|---|")
    worst = 0.0
    for folder in map(pathlib.Path, folders):
        network = t.AutoModel.from_pretrained(folder, dtype=torch.float32)
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        ids = [tokenizer.encode(text).ids for text in SENTENCES]
        modules = folder / "modules.json"
        unit = modules.exists() and "Normalize" in json.dumps(json.loads(modules.read_text()))
        pool = ("avg" if network.config.model_type in ("bert", "roberta", "distilbert") else "last") + "_unit" * unit
        cell = difference(found_by(enxerto, folder, SENTENCES), rows_of(network, ids, pool))
        worst = max(worst, cell)
        print(f"| {folder.name} | {cell:.1e} ({pool}) |", flush=True)
    return worst


if __name__ == "__main__":
    program, *real = sys.argv[1:]
    print(f"torch {torch.__version__}, transformers {t.__version__}, tokenizers {tokenizers.__version__}\n")
    largest = max(random_rows(program), real_rows(program, real) if real else 0.0)
    sys.exit(f"a difference of {largest:.1e}" if largest > LIMIT else 0)
