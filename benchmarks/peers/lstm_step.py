#!/usr/bin/env python3
"""One training step of an LSTM language model, Enxerto beside PyTorch, in turns: tokens a second and the ratio.

    python3 benchmarks/peers/lstm_step.py BUILD_DIR [--words 10000] [--width 256] [--layers 2] [--batch 32] [--tokens 64]

Both have word vectors, `layers` LSTMs of `width` and tied words (torch.nn.LSTM, mean cross-entropy, sgd), two threads
each, float32. The loss of the first step is printed for both: their random weights differ, the sizes do not.
"""
import argparse
import pathlib
import statistics
import subprocess
import time

import torch


class Peer:
    def __init__(self, options):
        torch.set_num_threads(options.threads)
        self.words = torch.nn.Embedding(options.words, options.width)
        self.lstm = torch.nn.LSTM(options.width, options.width, num_layers=options.layers, batch_first=True)
        self.bias = torch.nn.Parameter(torch.zeros(options.words))
        torch.nn.init.normal_(self.words.weight, std=0.02)
        self.parameters = [*self.words.parameters(), *self.lstm.parameters(), self.bias]
        self.sgd = torch.optim.SGD(self.parameters, lr=0.1)
        count = options.batch * options.tokens
        self.ids = (torch.arange(count) * 7919 % options.words).view(options.batch, options.tokens)

    def step(self):
        self.sgd.zero_grad()
        states, _ = self.lstm(self.words(self.ids))
        scores = states[:, :-1] @ self.words.weight.T + self.bias
        loss = torch.nn.functional.cross_entropy(scores.flatten(0, 1), self.ids[:, 1:].flatten())
        loss.backward()
        self.sgd.step()
        return loss.item()

    def rate(self, steps):
        start = time.perf_counter()
        for _ in range(steps):
            self.step()
        return steps * self.ids.numel() / (time.perf_counter() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    for name, value in dict(words=10000, width=256, layers=2, batch=32, tokens=64, threads=2, steps=5, rounds=5).items():
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    sizes = [str(getattr(options, name)) for name in ("words", "width", "layers", "batch", "tokens", "threads")]
    ours = subprocess.Popen([options.build / "benchmarks/benchmark_lstm_step", *sizes], text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    parameters = int(ours.stdout.readline())
    peer = Peer(options)
    print(f"parameters: {parameters} and {sum(p.numel() for p in peer.parameters)}; PyTorch {torch.__version__}")
    print(f"PyTorch's first loss {peer.step():.3f}")
    rates = []
    for _ in range(options.rounds):
        ours.stdin.write(f"{options.steps}\n")
        ours.stdin.flush()
        mine, loss = map(float, ours.stdout.readline().split())
        rates.append((mine, peer.rate(options.steps)))
        print(f"{mine:10.0f} tokens/s, PyTorch {rates[-1][1]:10.0f}, ratio {mine / rates[-1][1]:.2f}, loss {loss:.3f}")
    ours.stdin.close()
    print(f"median ratio {statistics.median(a / b for a, b in rates):.2f}")


if __name__ == "__main__":
    main()
