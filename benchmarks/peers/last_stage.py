#!/usr/bin/env python3
"""Fine-tuning the last stage of ResNet50 at 224 px, 10 epochs on 2,000 pictures: PyTorch's own parts beside our whole run.

    python3 benchmarks/peers/last_stage.py ENXERTO [--precision fp32|bf16] [--pictures 2000] [--epochs 10] [--torch-python PYTHON]

PyTorch (eager, channels-last, `requires_grad=False` below layer4, pictures ready in memory) runs the frozen part and the training
step of the rest; both are timed by the batch, median of five times, and summed up to the whole: as PyTorch does it, where the frozen
part runs in every epoch, and as it would be if it ran once, which is the limit for whoever caches. Ours is the whole process, from
an empty cache and picture files, evaluation and saving included. Both have the same weights, batches of 32 and SGD with momentum.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

BATCH = 32
RECIPE = """
[data]
validation_split = 0
test_take_per_class = 2
[backbone]
name = "resnet50"
[[phase]]
train_from = "layer4"
optimizer = "sgd"
momentum = 0.9
learning_rate = 1e-7
batch_size = 32
epochs = %d
patience = 0
restore_best = false
"""


def as_torch(weights, bf16, threads):
    import torch
    import torchvision

    torch.set_num_threads(threads)
    model = torchvision.models.resnet50(weights=None)
    model.load_state_dict(torch.load(weights))
    model.fc = torch.nn.Linear(2048, 10)
    model = model.to(memory_format=torch.channels_last).eval()
    prefix = torch.nn.Sequential(model.conv1, model.bn1, model.relu, model.maxpool, model.layer1, model.layer2, model.layer3)
    suffix = torch.nn.Sequential(model.layer4, model.avgpool, torch.nn.Flatten(), model.fc)
    for parameter in prefix.parameters():
        parameter.requires_grad_(False)
    optimizer = torch.optim.SGD(suffix.parameters(), 1e-7, momentum=0.9)
    loss = torch.nn.CrossEntropyLoss()
    x = torch.randn(BATCH, 3, 224, 224).to(memory_format=torch.channels_last)
    y = torch.randint(0, 10, (BATCH,))
    forward, step = [], []
    for _ in range(6):
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            start = time.time()
            with torch.no_grad():
                middle = prefix(x)
            forward.append(time.time() - start)
            start = time.time()
            value = loss(suffix(middle), y)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()
        step.append(time.time() - start)
    print(json.dumps({"forward": statistics.median(forward[1:]), "step": statistics.median(step[1:])}))


def make_pictures(folder, count):
    import numpy
    from PIL import Image

    generator = numpy.random.default_rng(0)
    for number in range(10):
        one = folder / "train" / f"class{number}"
        (folder / "test" / f"class{number}").mkdir(parents=True)
        one.mkdir(parents=True)
        for i in range(count // 10):
            noise = generator.integers(0, 256, (28, 28, 3), dtype="uint8")
            noise[:, :, number % 3] //= 1 + number // 3
            picture = Image.fromarray(noise).resize((224, 224))
            picture.save(one / f"{i}.jpg", quality=90)
            if i < 2:
                picture.rotate(90).save(folder / "test" / f"class{number}" / f"{i}.jpg", quality=90)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("enxerto")
    parser.add_argument("--precision", default="fp32", choices=["fp32", "bf16"])
    parser.add_argument("--pictures", type=int, default=2000)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--torch-python", default=sys.executable)
    parser.add_argument("--as-torch", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.as_torch:
        return as_torch(arguments.as_torch, arguments.precision == "bf16", arguments.threads)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # Random weights with statistics of their own: with 0 and 1 the features of a network that was never trained explode.
        make = (
            "import torch, torchvision; m = torchvision.models.resnet50(weights=None)\n"
            "for n in m.modules():\n    if isinstance(n, torch.nn.BatchNorm2d): n.momentum = None\n"
            "with torch.no_grad():\n    for _ in range(2): m(torch.randn(8, 3, 224, 224))\n"
            "torch.save(m.state_dict(), %r)" % str(folder / "w.pth")
        )
        subprocess.run([arguments.torch_python, "-c", make], check=True)
        subprocess.run([sys.executable if arguments.torch_python == sys.executable else arguments.torch_python, "-c",
                        "import runpy, sys; sys.argv = ['x']; m = runpy.run_path(%r, run_name='x'); m['make_pictures'](__import__('pathlib').Path(%r), %d)"
                        % (__file__, str(folder / "data"), arguments.pictures)], check=True)
        command = [arguments.torch_python, __file__, "-", "--precision", arguments.precision, "--threads", str(arguments.threads)]
        parts = json.loads(subprocess.run([*command, "--as-torch", str(folder / "w.pth")], check=True, capture_output=True).stdout)
        batches = arguments.pictures / BATCH
        peer = arguments.epochs * batches * (parts["forward"] + parts["step"])
        limit = peer / (batches * parts["forward"] + arguments.epochs * batches * parts["step"])
        (folder / "recipe.toml").write_text(RECIPE % arguments.epochs)
        start = time.time()
        command = [arguments.enxerto, "train", str(folder / "data"), "--recipe", str(folder / "recipe.toml")]
        command += ["--weights", str(folder / "w.pth"), "--cache", str(folder / "cache"), "--output", str(folder / "model"), "--quiet", "--json"]
        command += ["--threads", str(arguments.threads), "--precision", arguments.precision, "--train-precision", arguments.precision]
        found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        ours = time.time() - start
    print(f"PyTorch {arguments.precision}: frozen part {parts['forward']:.3f} s, step {parts['step']:.3f} s a batch of {BATCH}", file=sys.stderr)
    print(f"ours: {json.dumps(found['seconds'])}", file=sys.stderr)
    print("| precision | PyTorch s | ours s | times | limit | share of the limit |\n|---|---|---|---|---|---|")
    print(f"| {arguments.precision} | {peer:.0f} | {ours:.0f} | {peer / ours:.2f} | {limit:.2f} | {peer / ours / limit:.2f} |")


if __name__ == "__main__":
    main()
