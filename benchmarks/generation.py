"""Decoding, tokens a second with one text at a time, against transformers on the same folder; and what precisions cost.

Usage: python benchmarks/generation.py ENXERTO FOLDER [--rounds 5] [--tokens 64] [--threads 2]
       python benchmarks/generation.py --perplexity FOLDER TEXT.txt            (needs torch, transformers)

The first form takes turns: enxerto in fp32, bf16 and int8, transformers in fp32 and bf16, and prints medians and ratios.
Loading and compiling are not counted on either side. The second form measures the perplexity of a text's first 16 windows
of 256 tokens with the weights of dense layers as they are, and rounded to 8 bits as enxerto/generation/int8_weights.h does.
"""
import argparse
import json
import statistics
import subprocess
import sys
import time

import torch
import transformers

PROMPT = "The capital of France is"


def ours(program, folder, precision, options):
    found = subprocess.run([program, "generate", folder, "-p", PROMPT, "-n", str(options.tokens), "--min-new-tokens",
                            str(options.tokens), "--precision", precision, "-t", str(options.threads), "--json"],
                           capture_output=True, text=True, check=False)
    if found.returncode != 0:
        sys.exit(found.stderr)
    return json.loads(found.stdout)["tokens_per_second"]


class Peer:
    def __init__(self, folder, dtype):
        self.model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=dtype).eval()
        tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=folder + "/tokenizer.json")
        self.ids = torch.tensor([tokenizer(PROMPT).input_ids])
        self.run(4)

    def run(self, tokens):
        begin = time.perf_counter()
        with torch.no_grad():
            self.model.generate(self.ids, attention_mask=torch.ones_like(self.ids), do_sample=False, pad_token_id=0,
                                max_new_tokens=tokens, min_new_tokens=tokens)
        return tokens / (time.perf_counter() - begin)


def speed(options):
    torch.set_num_threads(options.threads)
    peers = {f"transformers {name}": Peer(options.folder, dtype)
             for name, dtype in (("fp32", torch.float32), ("bf16", torch.bfloat16))}
    rates = {name: [] for name in ["enxerto fp32", "enxerto bf16", "enxerto int8", *peers]}
    for _ in range(options.rounds):
        for name, found in rates.items():
            precision = name.split()[1]
            found.append(peers[name].run(options.tokens) if name in peers
                         else ours(options.program, options.folder, precision, options))
    base = statistics.median(rates["transformers fp32"])
    print(f"{options.threads} threads, {options.tokens} tokens, median of {options.rounds} rounds (least to most)")
    print("| | tokens/s | of transformers fp32 |\n|---|---|---|")
    for name, found in rates.items():
        median = statistics.median(found)
        print(f"| {name} | {median:.1f} ({min(found):.1f} to {max(found):.1f}) | {median / base:.1f} |")


def rounded(weight):
    scale = weight.abs().amax(1, keepdim=True) / 127
    return torch.round(weight / scale) * scale


def perplexity_of(model, windows):
    total, count = 0.0, 0
    with torch.no_grad():
        for window in windows:
            logits = model(window).logits[0, :-1].float()
            total += float(torch.nn.functional.cross_entropy(logits, window[0, 1:], reduction="sum"))
            count += window.shape[1] - 1
    return float(torch.exp(torch.tensor(total / count)))


def perplexity(folder, text):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=folder + "/tokenizer.json")
    ids = tokenizer(open(text).read()[:40_000]).input_ids
    windows = [torch.tensor([ids[i:i + 256]]) for i in range(0, min(len(ids), 16 * 256), 256)]
    exact = perplexity_of(model, windows)
    with torch.no_grad():
        head = model.get_output_embeddings()
        head.weight = torch.nn.Parameter(head.weight.clone())  # the table of words stays as it is
        for module in model.modules():
            if isinstance(module, torch.nn.Linear):
                module.weight.copy_(rounded(module.weight))
    int8 = perplexity_of(model, windows)
    bf16 = perplexity_of(transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).eval(), windows)
    print(f"perplexity of {len(windows)} windows: fp32 {exact:.4f}, int8 {int8:.4f} ({100 * (int8 / exact - 1):+.2f} %), "
          f"bf16 {bf16:.4f} ({100 * (bf16 / exact - 1):+.2f} %)")


def main():
    if sys.argv[1:2] == ["--perplexity"]:
        perplexity(*sys.argv[2:4])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    speed(parser.parse_args())


if __name__ == "__main__":
    main()
