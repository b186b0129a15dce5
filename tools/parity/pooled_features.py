#!/usr/bin/env python3
"""Holds what a head sees of ONNX files against what the network itself pools, for both exporters of PyTorch.

    python3 tools/parity/pooled_features.py ENXERTO [ROWS.json] [NAME..]     (needs torch, torchvision, timm, onnxscript, pillow)

The reference is what the network itself has pooled, caught while it runs: as long as what its last dense layer (or convolution,
or the first of the dense layers that follow each other at its end) takes, and before a normalisation that may come between the two. Channels may be first or last there, and maps may be tokens. Weights are random, with
every vector (scales, shifts, factors of layers) moved away from where it starts. A network that an exporter cannot write is
named and passed over; one that `enxerto` refuses is a failure.
"""
import contextlib
import io
import pathlib
import sys
import tempfile
import warnings

import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]
import comparison  # noqa: E402
import onnx_networks  # noqa: E402

# Those that docs/backbones.md lists as ONNX, and one or more of each family whose last map is no (batch, channels, height, width).
TORCHVISION = ["resnet18", "mobilenet_v2", "efficientnet_b0", "convnext_tiny", "vit_b_16", "densenet121", "inception_v3", "swin_t",
               "swin_v2_t", "maxvit_t", "squeezenet1_1", "regnet_x_400mf", "mobilenet_v3_small", "shufflenet_v2_x0_5"]
TIMM = ["tf_efficientnet_lite0", "vit_tiny_patch16_224", "convnext_atto", "convnextv2_atto", "swin_tiny_patch4_window7_224",
        "coatnet_pico_rw_224", "maxvit_pico_rw_256", "edgenext_xx_small", "davit_tiny", "poolformer_s12", "poolformerv2_s12",
        "caformer_s18", "focalnet_tiny_srf", "mobilevit_xxs", "mixer_s32_224", "efficientformer_l1", "mobilenetv4_conv_small",
        "nextvit_small", "vit_base_patch16_gap_224", "resmlp_12_224", "xcit_nano_12_p16_224", "pit_ti_224", "hiera_tiny_224"]
SIZES = {"inception_v3": 299, "maxvit_pico_rw_256": 256, "mobilevit_xxs": 256, "swin_v2_t": 256}
EXPORTERS = ("torch.export", "TorchScript")
ACTIVATIONS = (torch.nn.ReLU, torch.nn.ReLU6, torch.nn.Hardswish, torch.nn.SiLU, torch.nn.GELU)


def make_network(name):
    torch.manual_seed(0)
    if name in TORCHVISION:
        import torchvision
        options = {"init_weights": True} if name == "inception_v3" else {}
        network = getattr(torchvision.models, name)(weights=None, **options)
    else:
        import timm
        network = timm.create_model(name)
    with torch.no_grad():
        for key, tensor in network.state_dict().items():
            if key.endswith("running_var"):
                tensor.uniform_(0.75, 1.25)
            elif key.endswith("running_mean") or (tensor.dim() <= 1 and tensor.is_floating_point()):
                tensor.add_(torch.empty_like(tensor).uniform_(-0.25, 0.25))
    return network.eval()


def pooled(network, pictures):
    """(n, channels): the first of the values as long as what enters the classifier, behind the last that is longer. Where the
    classifier comes before the pooling it is the average of what enters it."""
    seen, layers, bent = [], [], []

    def note(module, inputs, output):
        if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
            layers.append(inputs[0])
        seen.extend(value for value in (*inputs, output) if torch.is_tensor(value))
        if isinstance(module, ACTIVATIONS):
            bent.append(len(seen) - 1)

    hooks = [module.register_forward_hook(note) for module in network.modules() if not list(module.children())]
    with torch.no_grad():
        network(pictures)
    for hook in hooks:
        hook.remove()
    first = len(layers) - 1
    while first > 0 and layers[first].dim() == 2 and layers[first - 1].dim() == 2:
        first -= 1
    entering = layers[first]
    end = next(i for i, value in enumerate(seen) if value is entering)
    if entering.dim() == 4 and entering.shape[-1] > 1:
        return entering.mean((2, 3)).numpy()
    first = end
    stop = max((place for place in bent if place <= end), default=0)  # an activation is no normalisation
    while first > stop and seen[first - 1].numel() == entering.numel():
        first -= 1
    return seen[first].reshape(entering.shape[0], -1).numpy()


def rows_of(enxerto, name, folder):
    size = SIZES.get(name, 224)
    network, arrays = make_network(name), comparison.pictures(size)
    example = torch.from_numpy(onnx_networks.prepared(arrays))
    reference = pooled(network, example)
    for exporter in EXPORTERS:
        path = pathlib.Path(folder) / f"{name}-{exporter.replace('.', '_')}.onnx"
        if not path.exists():
            try:
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    torch.onnx.export(network, (example,), str(path), **onnx_networks.EXPORTERS[exporter])
            except Exception as error:  # noqa: BLE001: whatever an exporter may throw
                path.unlink(missing_ok=True)
                print(f"{'':10}{name:24}{exporter:18}not exported: {type(error).__name__}", flush=True)
                continue
        row = comparison.Row(name, "ONNX, pooled", exporter, size, 0, 0)
        try:
            yield comparison.compare(enxerto, reference, arrays, row, backbone=path, at="head")
        except RuntimeError as error:
            print(f"{'FAILED':10}{name:24}{exporter:18}{str(error)[-600:]}", flush=True)
            yield comparison.dataclasses.replace(row, difference=float("inf"))


def rows(enxerto, names=()):
    warnings.filterwarnings("ignore")
    np.seterr(all="ignore")
    kept = pathlib.Path(names[0]) if names and pathlib.Path(names[0]).is_dir() else None  # where exported files are kept
    for name in names[1 if kept else 0:] or TORCHVISION + TIMM:
        with tempfile.TemporaryDirectory() as folder:
            yield from rows_of(enxerto, name, kept or folder)


if __name__ == "__main__":
    comparison.main(rows)
