#!/usr/bin/env python3
"""Training steps with everything trainable: Enxerto beside PyTorch eager (channels-last, fp32 and bf16 autocast) and Keras (fp32).

    python3 benchmarks/peers/training_step.py BUILD_DIR [--keras-python PYTHON] [--networks resnet50 ..] [--precisions fp32 bf16]
            [--threads 2] [--rounds 5] [--steps 3]

Runs under a Python with torch and torchvision; PYTHON has keras and tensorflow. Every side is a process of its own with the same
threads, batch and optimizer (sgd, momentum 0.9), the batch in memory; they take turns, `--steps` steps each, and the ratio is of the
medians: of images a second, and of images a second of processor time, which says more where other programs run. The numbers of trained parameters must be equal. BUILD_DIR was configured with -DENXERTO_BUILD_BENCHMARKS=ON.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

# name: pixels, classes, batch
NETWORKS = {"resnet50": (224, 1000, 16), "mobilenet_v2": (224, 1000, 16), "vgg16": (32, 10, 64)}


def serve(parameters, run, batch):
    """What every peer does: the number of its parameters, then a rate for each line."""
    print(parameters, flush=True)
    for line in sys.stdin:
        wall, processor_time = time.perf_counter(), time.process_time()
        loss = run(int(line))
        pictures = int(line) * batch
        wall, processor_time = time.perf_counter() - wall, time.process_time() - processor_time
        print(f"{pictures / wall:.3f} {pictures / processor_time:.3f} {loss:.4f}", flush=True)


def as_torch(name, precision, threads):
    import torch
    import torchvision

    torch.set_num_threads(threads)
    size, classes, batch = NETWORKS[name]
    network = getattr(torchvision.models, name)(num_classes=classes)
    if name == "vgg16":
        network = torch.nn.Sequential(network.features, torch.nn.Flatten(), torch.nn.Linear(512, classes))
    if name == "mobilenet_v2":
        network.classifier[0] = torch.nn.Identity()
    network = network.to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-4, momentum=0.9)
    x = torch.rand(batch, 3, size, size).mul(2).sub(1).contiguous(memory_format=torch.channels_last)
    y = torch.arange(batch) % classes

    def run(steps):
        for _ in range(steps):
            optimizer.zero_grad()
            with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
                loss = torch.nn.functional.cross_entropy(network(x), y)
            loss.backward()
            optimizer.step()
        return loss.item()

    run(2)
    serve(sum(p.numel() for p in network.parameters()), run, batch)


def as_keras(name, precision, threads):
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
    import keras
    import numpy
    import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(threads)
    size, classes, batch = NETWORKS[name]
    make = {"resnet50": keras.applications.ResNet50, "mobilenet_v2": keras.applications.MobileNetV2, "vgg16": keras.applications.VGG16}
    body = make[name](weights=None, include_top=False, input_shape=(size, size, 3))
    x = keras.layers.GlobalAveragePooling2D()(body.output)
    network = keras.Model(body.input, keras.layers.Dense(classes, activation="softmax")(x))
    network.compile(keras.optimizers.SGD(1e-4, momentum=0.9), "sparse_categorical_crossentropy")
    pictures = numpy.random.default_rng(0).uniform(-1, 1, (batch, size, size, 3)).astype("float32")
    labels = numpy.arange(batch) % classes

    def run(steps):
        x, y = numpy.concatenate([pictures] * steps), numpy.concatenate([labels] * steps)
        return network.fit(x, y, batch_size=batch, shuffle=False, verbose=0).history["loss"][-1]

    run(2)
    serve(int(sum(numpy.prod(w.shape) for w in network.trainable_weights)), run, batch)


class Side:
    def __init__(self, *words):
        words = [str(word) for word in words]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{' '.join(words)} ended at once")
        self.parameters, self.rates = int(line), []

    def run(self, steps):
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        self.rates.append([float(word) for word in self.process.stdout.readline().split()[:2]])

    def medians(self):
        """Of pictures a second, and a second of processor time."""
        self.process.stdin.close()
        self.process.wait()
        return [statistics.median(rates) for rates in zip(*self.rates)]


def processor():
    return next(line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))


def compare(name, precision, options):
    size, classes, batch = NETWORKS[name]
    peer = ["--peer", name, precision, options.threads]
    program = options.build / "benchmarks/benchmark_training_step"
    sides = {"Enxerto": Side(program, name, size, classes, batch, precision, options.threads),
             "PyTorch": Side(sys.executable, __file__, "torch", *peer)}
    if options.keras_python and precision == "fp32":
        sides["Keras"] = Side(options.keras_python, __file__, "keras", *peer)
    counts = {side: one.parameters for side, one in sides.items() if (side, name) != ("Keras", "resnet50")}
    # Keras's ResNet50 has a bias in every convolution; everything else is the same network.
    assert len(set(counts.values())) == 1, counts
    for _ in range(options.rounds):
        for side in sides.values():
            side.run(options.steps)
    medians = {side: one.medians() for side, one in sides.items()}
    rate, of_processor = medians.pop("Enxerto")
    ratios = "".join(f";  {rate / a:.3f} x {side} ({a:.1f}), {of_processor / b:.3f} by processor time" for side, (a, b) in medians.items())
    print(f"{name:13} {size:3} px, batch {batch:2}, {precision}: {rate:.1f} images/s{ratios}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--peer", nargs=3, metavar=("NETWORK", "PRECISION", "THREADS"), help=argparse.SUPPRESS)
    parser.add_argument("--keras-python")
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), choices=list(NETWORKS))
    parser.add_argument("--precisions", nargs="+", default=["fp32", "bf16"], choices=["fp32", "bf16"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=3)
    options = parser.parse_args()
    if options.peer:
        side = {"torch": as_torch, "keras": as_keras}[str(options.build)]
        return side(options.peer[0], options.peer[1], int(options.peer[2]))
    print(f"{options.threads} threads, {processor()}, median of {options.rounds}")
    for name in options.networks:
        for precision in options.precisions:
            compare(name, precision, options)


if __name__ == "__main__":
    main()
