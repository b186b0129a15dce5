"""Writes tests/golden/sources/<case>.json: what the networks that sources publish vision transformers, ResNet and
ConvNeXt in answer, with their own tensors' names and their own way to bring positions to another size.

Usage: python tools/golden/vision_transformers.py [CASE..]                (needs torch, torchvision, timm, transformers)
       python tools/golden/vision_transformers.py --sensitivity [CASE..]  shows that each parameter matters

Weights are filled as zoo.py fills them, by the names that a saved file has; tests/parity/sources_test.cpp makes the same
file in memory, loads it as a user's and holds its outputs against these. Numbers from networks in float64 whose
positions were brought to size in float32, as their sources do.
"""
import json
import math
import pathlib
import re
import sys

import timm
import torch
import torchvision
import transformers

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import zoo  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "sources"
COUNT, CLASSES = 2, 10
SMALL = dict(hidden_size=384, num_attention_heads=6, num_hidden_layers=12)


class Case:
    """One network of one source. `names` gives a file's tensors by the names that its source saves them under."""

    def __init__(self, architecture, make, size, reference):
        self.architecture, self.make, self.size, self.reference = architecture, make, size, reference
        self.network = None

    def names(self):
        return dict(self.network.state_dict())

    def logits(self, pictures):
        return self.network(pictures)


class Timm(Case):
    """timm resamples positions when a checkpoint of another size is loaded."""

    def __init__(self, architecture, name, at, size, **options):
        super().__init__(architecture, None, size, f"timm {timm.__version__}")
        self.build = lambda s: timm.create_model(name, img_size=s, **options).eval()
        self.at = at

    def prepare(self):
        self.network = self.build(self.at)

    def logits(self, pictures):
        if self.at == self.size:
            return self.network.double()(pictures)
        network = self.build(self.size)
        state = timm.models.vision_transformer.checkpoint_filter_fn(self.network.state_dict(), network)
        network.load_state_dict(state)
        return network.double()(pictures)


class Hub(Timm):
    """DINOv2's own code: timm's network with the positions as `interpolate_pos_encoding` of
    facebookresearch/dinov2 makes them (interpolate_offset=0.1, interpolate_antialias=False)."""

    def names(self):
        state = super().names()
        state["mask_token"] = torch.zeros(1, self.network.embed_dim)
        return state

    def prepare(self):
        super().prepare()
        self.reference = f"timm {timm.__version__} with the positions of facebookresearch/dinov2"

    def logits(self, pictures):
        network = self.build(self.size)
        state = self.network.state_dict()
        positions = state["pos_embed"]
        side, new = math.isqrt(positions.shape[1] - 1), self.size // 14
        if side != new:
            grid = positions[:, 1:].reshape(1, side, side, -1).permute(0, 3, 1, 2)
            scale = (new + 0.1) / side
            grid = torch.nn.functional.interpolate(grid, mode="bicubic", scale_factor=(scale, scale))
            assert grid.shape[-1] == new
            state["pos_embed"] = torch.cat([positions[:, :1], grid.permute(0, 2, 3, 1).flatten(1, 2)], dim=1)
        network.load_state_dict(state)
        return network.double()(pictures)


class Torchvision(Case):
    def __init__(self, architecture, size):
        super().__init__(architecture, None, size, f"torchvision {torchvision.__version__}")

    def prepare(self):
        self.network = torchvision.models.vit_b_16(num_classes=CLASSES).eval()

    def logits(self, pictures):
        network = torchvision.models.vit_b_16(num_classes=CLASSES, image_size=self.size).eval()
        state = torchvision.models.vision_transformer.interpolate_embeddings(
            self.size, 16, dict(self.network.state_dict()))
        network.load_state_dict(state)
        return network.double()(pictures)


SAVED = [  # what save_pretrained calls tensors, by what the modules of transformers 5 are called
    (r"^vit\.layers\.", "vit.encoder.layer."),
    (r"\.attention\.q_proj\.", ".attention.attention.query."),
    (r"\.attention\.k_proj\.", ".attention.attention.key."),
    (r"\.attention\.v_proj\.", ".attention.attention.value."),
    (r"\.attention\.o_proj\.", ".attention.output.dense."),
]
SAVED_VIT = SAVED + [(r"\.mlp\.fc1\.", ".intermediate.dense."), (r"(\.layer\.\d+)\.mlp\.fc2\.", r"\1.output.dense.")]


class Transformers(Case):
    def __init__(self, architecture, network, config, size, renames=()):
        super().__init__(architecture, None, size, f"transformers {transformers.__version__}")
        self.build, self.renames = lambda: network(config).eval(), renames

    def prepare(self):
        self.network = self.build()

    def names(self):
        return {self.saved(name): tensor for name, tensor in self.network.state_dict().items()}

    def saved(self, name):
        for pattern, text in self.renames:
            name = re.sub(pattern, text, name)
        return name

    def logits(self, pictures):
        network = self.network.double()
        more = {"interpolate_pos_encoding": True} if "vit." in next(iter(self.names())) else {}
        answer = network(pictures, **more)
        return answer.logits if hasattr(answer, "logits") else answer.pooler_output.flatten(1)


def vit_config():
    return transformers.ViTConfig(**SMALL, intermediate_size=1536, num_labels=CLASSES)


def dinov2_config():
    return transformers.Dinov2Config(**SMALL, image_size=518, patch_size=14, num_labels=CLASSES)


def cases():
    t = transformers
    return {
        "timm_vit": Timm("vit_s16", "vit_small_patch16_224", 224, 224, num_classes=CLASSES),
        "timm_vit_larger": Timm("vit_s16", "vit_small_patch16_224", 96, 160, num_classes=CLASSES),
        "timm_vit_smaller": Timm("vit_s16", "vit_small_patch16_224", 224, 96, num_classes=CLASSES),
        "timm_dinov2": Timm("dinov2_vits14", "vit_small_patch14_dinov2", 518, 126, num_classes=0),
        "dinov2_hub": Hub("dinov2_vits14", "vit_small_patch14_dinov2", 518, 224, num_classes=0),
        "dinov2_hub_at_518": Hub("dinov2_vits14", "vit_small_patch14_dinov2", 518, 518, num_classes=0),
        "torchvision_vit": Torchvision("vit_b16", 224),
        "torchvision_vit_smaller": Torchvision("vit_b16", 160),
        "transformers_vit": Transformers("vit_s16", t.ViTForImageClassification, vit_config(), 224, SAVED_VIT),
        "transformers_vit_modules": Transformers("vit_s16", t.ViTForImageClassification, vit_config(), 160),
        "transformers_vit_backbone": Transformers(
            "vit_s16", BackboneVit, vit_config(), 96, SAVED_VIT),
        "transformers_dinov2": Transformers(
            "dinov2_vits14", t.Dinov2Model, dinov2_config(), 224, SAVED),
        "transformers_dinov2_classifier": Transformers(
            "dinov2_vits14_lc", t.Dinov2ForImageClassification, dinov2_config(), 98, SAVED),
        "transformers_resnet": Transformers(
            "resnet50", t.ResNetForImageClassification, t.ResNetConfig(num_labels=CLASSES), 64),
        "transformers_resnet18": Transformers(
            "resnet18", t.ResNetForImageClassification,
            t.ResNetConfig(num_labels=CLASSES, layer_type="basic", depths=[2, 2, 2, 2], hidden_sizes=[64, 128, 256, 512]), 64),
        "transformers_convnext": Transformers(
            "convnext_tiny", t.ConvNextForImageClassification, t.ConvNextConfig(num_labels=CLASSES), 64),
        "timm_convnext": Plain("convnext_tiny", "convnext_tiny", 64),
    }


class Plain(Timm):
    def __init__(self, architecture, name, size):
        super().__init__(architecture, name, size, size)
        self.build = lambda s: timm.create_model(name, num_classes=CLASSES).eval()


class BackboneVit(torch.nn.Module):
    """ViTModel with its pooler, which is in the file and in no answer: features are the normalised class token."""

    def __init__(self, config):
        super().__init__()
        self.vit = transformers.ViTModel(config)

    def forward(self, pictures, **options):
        return type("Answer", (), {"logits": self.vit(pictures, **options).last_hidden_state[:, 0]})


def fill(case):
    names = case.names()
    for name, tensor in names.items():
        if tensor.is_floating_point():
            tensor.copy_(torch.from_numpy(zoo.filled(name, tuple(tensor.shape))))
    return names


def pattern_of(names):
    """Names and shapes, like blocks counted: {"blocks.#.norm1.weight": [0, 12, [384]]} are blocks.0 to blocks.11."""
    rows = {}
    for name, tensor in names.items():
        if not tensor.is_floating_point():
            continue
        found = re.search(r"(?:blocks\.|encoder_layer_|layers\.|encoder\.layer\.)(\d+)\.", name)
        number = int(found.group(1)) if found else 0
        # The first block of a stage takes other widths than those behind it.
        if found and ("stages" not in name or number > 0):
            name = name[: found.start(1)] + "#" + name[found.end(1) :]
        rows.setdefault(name, [number, 0, list(tensor.shape)])
        rows[name][1] += 1
        assert rows[name][2] == list(tensor.shape), name
    return rows


NAMINGS = ("dinov2", "timm_vit", "timm_convnext", "torchvision_vit", "transformers_vit", "transformers_dinov2",
           "transformers_resnet", "transformers_convnext")


def naming_of(case):
    """The row of our name tables that must recognise the file."""
    return "timm_vit" if case == "timm_dinov2" else next(row for row in NAMINGS if case.startswith(row))


def compact(golden):
    text = json.dumps(golden, indent=1)
    for _ in range(2):
        text = re.sub(r"\[\s+((?:[^\[\]]|\[[^\[\]\n]*\])*?)\s+\]", lambda m: "[" + re.sub(r"\s*\n\s*", " ", m.group(1)) + "]", text)
    return text + "\n"


def make_golden(name, case):
    case.prepare()
    with torch.no_grad():
        names = fill(case)
        pictures = torch.from_numpy(zoo.filled("input", (COUNT, 3, case.size, case.size), (0.0, 1.0)))
        tensors = pattern_of(names)
        logits = case.logits(pictures.double())
    return {
        "case": name,
        "reference": case.reference,
        "architecture": case.architecture,
        "naming": naming_of(name),
        "size": case.size,
        "tensors": tensors,
        "scale": float(logits.abs().max()),
        "logits": [[float(f"{v:.9g}") for v in row[:: max(1, len(row) // 32)]] for row in logits],
        "stride": max(1, logits.shape[1] // 32),
    }


def without_effect(name):
    """A bias of the keys moves all scores of a query alike; masks and poolers are not in the answer."""
    return re.search(r"(k_proj|key)\.bias$|mask_token$|pooler\.", name) is not None


def show_sensitivity(name, case):
    case.prepare()
    with torch.no_grad():
        names = fill(case)
        case.size = min(case.size, 98)
        before_size = case.size
        pictures = torch.from_numpy(zoo.filled("input", (1, 3, before_size, before_size), (0.0, 1.0)))
        changes = {}
        first = case.logits(pictures.double())
        for key, tensor in case.names().items():
            if not tensor.is_floating_point() or without_effect(key):
                continue
            before = tensor.clone()
            tensor.mul_(1.03125)
            changes[key] = float((case.logits(pictures.double()) - first).abs().max() / first.abs().max())
            tensor.copy_(before)
    least = min(changes.items(), key=lambda item: item[1])
    print(f"{name}: {least[0]} matters least: {least[1]:.2e} of the largest output")
    assert least[1] > 2e-5, "a parameter that the parity test would not see"


if __name__ == "__main__":
    words = sys.argv[1:]
    sensitivity = words[:1] == ["--sensitivity"]
    chosen = words[1 if sensitivity else 0 :]
    FOLDER.mkdir(parents=True, exist_ok=True)
    for case_name, one in cases().items():
        if chosen and case_name not in chosen:
            continue
        if sensitivity:
            show_sensitivity(case_name, one)
            continue
        golden = make_golden(case_name, one)
        text = compact(golden)
        (FOLDER / f"{case_name}.json").write_text(text)
        print(case_name, golden["reference"], "largest", golden["scale"], len(text), "bytes")
