#!/usr/bin/env python3
"""fastai's `vision_learner(..).fine_tune(5)` on DATA/train, judged on DATA/test: one line of JSON.

    python3 benchmarks/peers/fastai_fine_tune.py DATA WEIGHTS [--size 224] [--seed 0] [--threads 2]

What fastai's book and documentation begin with: `ImageDataLoaders.from_folder` with a fifth held back, `Resize`, `aug_transforms`,
batches of 64, one epoch of the head and five of all. The backbone is timm's tf_efficientnet_lite0 with the weights that Enxerto has:
the file of efficientnet_pytorch's names has the same tensors in the same order. Run by benchmarks/defaults.py --fastai PYTHON; needs
fastai, timm and torch.
"""
import argparse
import json
import pathlib
import time
import warnings


def load_by_order(model, file):
    """The tensors of the file in their order; the head's stay as they are."""
    import torch

    body = {name: one for name, one in model.state_dict().items() if not name.startswith("classifier")}
    given = [one for name, one in torch.load(file, map_location="cpu", weights_only=True).items() if not name.startswith("_fc")]
    if [tuple(one.shape) for one in body.values()] != [tuple(one.shape) for one in given]:
        raise SystemExit(f"{file}: its tensors are not those of the network, in order")
    model.load_state_dict(dict(zip(body, given)), strict=False)


def main():
    start = time.perf_counter()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("weights", type=pathlib.Path)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    import torch
    from fastai.vision.all import (ImageDataLoaders, Normalize, Resize, accuracy, aug_transforms, get_image_files, set_seed,
                                   vision_learner)

    torch.set_num_threads(options.threads)
    set_seed(options.seed, reproducible=True)
    data = ImageDataLoaders.from_folder(options.data / "train", train=".", valid_pct=0.2, seed=options.seed, num_workers=0,
                                        item_tfms=Resize(options.size), batch_tfms=aug_transforms())
    data.add_tfms([Normalize.from_stats((0.5,) * 3, (0.5,) * 3, cuda=False)], "after_batch")
    learner = vision_learner(data, "tf_efficientnet_lite0", pretrained=False, metrics=accuracy)
    load_by_order(learner.model[0].model, options.weights)
    with learner.no_bar(), learner.no_logging():
        learner.fine_tune(5)
        files = get_image_files(options.data / "test")
        scores, _ = learner.get_preds(dl=data.test_dl(files))
    names = list(data.vocab)
    truth = torch.tensor([names.index(file.parent.name) for file in files])
    right = (scores.argmax(1) == truth).float().mean().item()
    loss = -scores[torch.arange(len(files)), truth].clamp_min(1e-12).log().mean().item()
    print(json.dumps({"accuracy": right, "log_loss": loss, "seconds_inside": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
