#!/usr/bin/env python3
"""A translator from random weights: Enxerto beside transformers' MarianMT in PyTorch, on the same pairs, pieces, steps and sizes.

    python3 benchmarks/peers/translation.py ENXERTO --data multi30k [--to de] [--epochs 20] [--take 0] [--threads 2] [--sides enxerto peer]

Both follow recipes/translate-multi30k.toml (4 + 4 layers of 128, label smoothing 0.1, AdamW, inverse square root after a warm-up, dropout
0.3, batches of 128 of like length, the validation loss after each epoch) and write the test part greedily; the peer reads the pieces of
Enxerto's model, so Enxerto's side is run first. The peer is fp32; Enxerto takes what it takes by itself. Seconds are of whole
processes, learning the pieces included. With --encoder MODEL the recipe is translate-transfer: the frozen encoder of MODEL, which
Enxerto runs once and the peer in each step. Needs a Python with torch, transformers, tokenizers and sacrebleu.
"""
import argparse
import json
import math
import pathlib
import random
import subprocess
import tempfile
import time

RECIPES = pathlib.Path(__file__).resolve().parents[2] / "recipes"
BATCH, WARM_UP, LONGEST, SMOOTHING, DROPOUT = 128, 4, 64, 0.1, 0.3


def lines(folder, part, language):
    return (folder / f"{part}.{language}").read_text(encoding="utf-8").splitlines()


def run_enxerto(options, model):
    def pair(part):
        return f"{options.data}/{part}.{{en,{options.to}}}"

    recipe = RECIPES / ("translate-transfer.toml" if options.encoder else "translate-multi30k.toml")
    command = [options.enxerto, "train", pair("train"), "--validation", pair("val"), "--test", pair(options.test), "--recipe", str(recipe),
               "--output", str(model), "--replace", "--no-cache", "--threads", str(options.threads), "--epochs", str(options.epochs), "--json"]
    command += ["--take", str(options.take)] if options.take else []
    command += ["--backbone", str(options.encoder)] if options.encoder else []
    start = time.monotonic()
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found["test"]["bleu"]["value"], time.monotonic() - start


class Peer:
    def __init__(self, options, model):
        import tokenizers
        import torch
        import transformers

        self.torch, self.options = torch, options
        torch.set_num_threads(options.threads)
        torch.manual_seed(0)
        record = json.loads((model / "preprocess.json").read_text(encoding="utf-8"))
        self.source, self.target = (tokenizers.Tokenizer.from_str(record[side]["tokenizer"]) for side in ("source", "target"))
        config = transformers.MarianConfig(
            vocab_size=self.source.get_vocab_size(), decoder_vocab_size=self.target.get_vocab_size(), d_model=128, encoder_layers=4, decoder_layers=4,
            encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=256, decoder_ffn_dim=256, max_position_embeddings=256,
            pad_token_id=2, eos_token_id=0, decoder_start_token_id=2, forced_eos_token_id=None, activation_function="relu", scale_embedding=True,
            share_encoder_decoder_embeddings=False, dropout=DROPOUT, attention_dropout=DROPOUT)
        self.network = transformers.MarianMTModel(config)
        if options.encoder:
            for parameter in self.network.model.encoder.parameters():
                parameter.requires_grad_(False)

    def pairs(self, part, most=0):
        sides = [tokenizer.encode_batch(lines(self.options.data, part, language))
                 for tokenizer, language in ((self.source, "en"), (self.target, self.options.to))]
        rows = [(source.ids[: LONGEST - 1] + [0], target.ids[: LONGEST - 1] + [0]) for source, target in zip(*sides)]
        return rows[:most] if most else rows

    def batch(self, rows):
        torch = self.torch

        def padded(side, filler):
            longest = max(len(row[side]) for row in rows)
            return torch.tensor([row[side] + [filler] * (longest - len(row[side])) for row in rows])

        ids, labels = padded(0, 2), padded(1, -100)
        return ids, (ids != 2).long(), labels

    def loss(self, rows, smoothing):
        ids, mask, labels = self.batch(rows)
        begin = self.torch.full((len(rows), 1), 2)
        shifted = self.torch.cat([begin, labels[:, :-1].masked_fill(labels[:, :-1] < 0, 2)], 1)
        logits = self.network(input_ids=ids, attention_mask=mask, decoder_input_ids=shifted).logits
        return self.torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100, label_smoothing=smoothing)

    def batches(self, rows, draw):
        order = list(range(len(rows)))
        draw.shuffle(order)
        window = 50 * BATCH
        order = [i for begin in range(0, len(order), window)
                 for i in sorted(order[begin:begin + window], key=lambda i: -len(rows[i][0]) - len(rows[i][1]))]
        batches = [[rows[i] for i in order[begin:begin + BATCH]] for begin in range(0, len(order), BATCH)]
        draw.shuffle(batches)
        return batches

    def train(self):
        torch, draw = self.torch, random.Random(0)
        training, validation = self.pairs("train", self.options.take), self.pairs("val")
        learned = [parameter for parameter in self.network.parameters() if parameter.requires_grad]
        optimizer = torch.optim.AdamW(learned, lr=4e-3, betas=(0.9, 0.98), weight_decay=0)
        warm_up = max(1, WARM_UP * math.ceil(len(training) / BATCH))
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min((step + 1) / warm_up, math.sqrt(warm_up / (step + 1))))
        best, kept = math.inf, None
        for epoch in range(self.options.epochs):
            self.network.train()
            for rows in self.batches(training, draw):
                loss = self.loss(rows, SMOOTHING)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
            self.network.eval()
            with torch.no_grad():
                judged = [(self.loss(validation[i:i + BATCH], 0).item(), len(validation[i:i + BATCH])) for i in range(0, len(validation), BATCH)]
            value = sum(one * count for one, count in judged) / len(validation)
            print(f"  epoch {epoch + 1}: validation loss {value:.3f}", flush=True)
            if value < best:
                best, kept = value, {name: tensor.clone() for name, tensor in self.network.state_dict().items()}
        self.network.load_state_dict(kept)

    def bleu(self):
        import sacrebleu

        rows = self.pairs(self.options.test)
        order = sorted(range(len(rows)), key=lambda i: -len(rows[i][0]))
        said = [""] * len(rows)
        for begin in range(0, len(order), 64):
            part = order[begin:begin + 64]
            ids, mask, _ = self.batch([rows[i] for i in part])
            with self.torch.no_grad():
                found = self.network.generate(input_ids=ids, attention_mask=mask, num_beams=1, do_sample=False, max_new_tokens=LONGEST)
            for i, row in zip(part, found.tolist()):
                said[i] = self.target.decode([number for number in row if number > 2])
        return sacrebleu.corpus_bleu(said, [lines(self.options.data, self.options.test, self.options.to)]).score


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("enxerto")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--to", default="de")
    parser.add_argument("--test", default="test_2016_flickr")
    parser.add_argument("--encoder", type=pathlib.Path)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--take", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sides", nargs="+", default=["enxerto", "peer"], choices=["enxerto", "peer"])
    parser.add_argument("--model", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = options.model or pathlib.Path(folder) / "model"
        if "enxerto" in options.sides:
            print("enxerto: BLEU {:.2f}, {:.0f} s".format(*run_enxerto(options, model)), flush=True)
        if "peer" in options.sides:
            start = time.monotonic()
            peer = Peer(options, model)
            peer.train()
            bleu = peer.bleu()
            print(f"peer: BLEU {bleu:.2f}, {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
