"""Writes tests/golden/onnx/backbones/: small classifiers as exporters write them, and what they give.

Usage: python tools/golden/onnx_files.py [NETWORK..]   the files of PyTorch, or of those networks (needs torch, onnx, onnxscript)
       python tools/golden/onnx_files.py keras    the files of tf2onnx          (needs keras, tensorflow, tf2onnx)

       python tools/golden/onnx_files.py seeds    seeds for fuzz/onnx_import.cpp (needs onnx)

Weights and inputs come from the formula of tools/golden/zoo.py, which needs no library but numpy. NAME.safetensors holds
the size, and the logits ("output") or "probabilities" that the network itself gives in float32; of some what it pools, too.
"""
import collections
import json
import math
import os
import pathlib
import sys
import warnings

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "onnx" / "backbones"
SIZE, COUNT, CLASSES = 32, 2, 10


def hash_name(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def centered(name, count):
    x = np.uint64(hash_name(name)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return ((x >> np.uint64(40)).astype(np.int64) - (1 << 23)).astype(np.float64) * 2.0**-23


def filled(name, shape, offset=0.0, factor=1.0):
    return (offset + factor * centered(name, math.prod(shape))).astype(np.float32).reshape(shape)


def weight(name, shape, fan_in):
    if name.endswith(("running_var", "moving_variance")):
        return filled(name, shape, 1, 0.25)
    if len(shape) > 1:
        return filled(name, shape, 0, math.sqrt(6 / fan_in))
    return filled(name, shape, 1 if name.endswith(("weight", "gamma")) else 0, 0.25)


def save(name, kind, values, size=SIZE, pooled=None):
    """The format is written by hand: the environment of Keras has no package for it."""
    data = np.array([size], dtype="<i8").tobytes()
    entries = {"size": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}
    for key, array in ((kind, values), ("pooled", pooled)):
        if array is not None:
            begin, data = len(data), data + np.ascontiguousarray(array, dtype="<f4").tobytes()
            entries[key] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [begin, len(data)]}
    header = json.dumps(entries).encode()
    header += b" " * (-len(header) % 8)
    (FOLDER / f"{name}.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + data)


def pictures(size=SIZE):
    return filled("input", (COUNT, 3, size, size))


def torch_networks():
    import torch
    from torch import nn

    class Block(nn.Module):
        def __init__(self, width, out, stride):
            super().__init__()
            self.conv1, self.bn1 = nn.Conv2d(width, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out)
            self.conv2, self.bn2 = nn.Conv2d(out, out, 3, 1, 1, groups=out, bias=False), nn.BatchNorm2d(out)
            self.down = nn.Conv2d(width, out, 1, stride) if stride > 1 or width != out else nn.Identity()
            self.act = nn.Hardswish()

        def forward(self, x):
            return self.act(self.bn2(self.conv2(self.act(self.bn1(self.conv1(x))))) + self.down(x))

    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.stem = nn.Sequential(nn.Conv2d(3, 6, 3, 2, 1, bias=False), nn.BatchNorm2d(6), nn.ReLU6())
            self.layer1, self.layer2 = nn.Sequential(Block(6, 6, 1)), nn.Sequential(Block(6, 8, 2), Block(8, 8, 1))
            self.layer3 = nn.Sequential(Block(8, 12, 2))
            self.pool, self.drop, self.fc = nn.AdaptiveAvgPool2d(1), nn.Dropout(0.2), nn.Linear(12, CLASSES)

        def forward(self, x):
            x = self.pool(self.layer3(self.layer2(self.layer1(self.stem(x)))))
            return self.fc(self.drop(torch.flatten(x, 1)))

    class Attention(nn.Module):
        def __init__(self, width, heads):
            super().__init__()
            self.heads, self.qkv, self.proj = heads, nn.Linear(width, 3 * width), nn.Linear(width, width)

        def forward(self, x):
            b, n, c = x.shape
            q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
            x = nn.functional.scaled_dot_product_attention(q, k, v)
            return self.proj(x.transpose(1, 2).reshape(b, n, c))

    class Layer(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.norm1, self.attn, self.norm2 = nn.LayerNorm(width), Attention(width, 2), nn.LayerNorm(width)
            self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

        def forward(self, x):
            x = x + self.attn(self.norm1(x))
            return x + self.mlp(self.norm2(x))

    class Transformer(nn.Module):
        def __init__(self, width=12):
            super().__init__()
            self.patch = nn.Conv2d(3, width, 8, 8)
            self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
            self.pos_embed = nn.Parameter(torch.zeros(1, 17, width))
            self.blocks = nn.Sequential(*(Layer(width) for _ in range(3)))
            self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, CLASSES)

        def forward(self, x):
            x = self.patch(x).flatten(2).transpose(1, 2)
            x = torch.cat((self.cls_token.expand(x.shape[0], -1, -1), x), 1) + self.pos_embed
            return self.head(self.norm(self.blocks(x))[:, 0])

    class Squeezed(nn.Module):
        """Classifies by a 1 x 1 convolution behind the pooling, and ends in a softmax."""

        def __init__(self):
            super().__init__()
            self.block1 = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.GroupNorm(4, 8), nn.SiLU())
            self.block2 = nn.Sequential(nn.Conv2d(8, 8, 3, 2, 1), nn.InstanceNorm2d(8, affine=True), nn.PReLU(8))
            self.block3 = nn.Sequential(nn.Conv2d(8, 8, 1), nn.MaxPool2d(2, 2, ceil_mode=True), nn.LeakyReLU(0.1))
            self.pool, self.classifier = nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, CLASSES, 1)

        def forward(self, x):
            x = self.classifier(self.pool(self.block3(self.block2(self.block1(x)))))
            return torch.softmax(torch.flatten(x, 1), 1)

    class NormLast(nn.Module):
        """Normalises over the channels of (batch, channels, height, width)."""

        def __init__(self, width):
            super().__init__()
            self.norm = nn.LayerNorm(width)

        def forward(self, x):
            return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)

    class Pooled(nn.Module):
        """Four stages; what a subclass pools is kept."""

        def __init__(self, width=6):
            super().__init__()
            self.stem = nn.Conv2d(3, width, 4, 4)
            self.stages = nn.Sequential(*(nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.GELU()) for _ in range(3)))
            self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, CLASSES)

        def maps(self, x):
            return self.stages(self.stem(x))

    class NormBehindPool(Pooled):
        """As ConvNeXt: averaged, then normalised over the channels."""

        def __init__(self, width=6):
            super().__init__(width)
            self.norm = NormLast(width)

        def forward(self, x):
            x = nn.functional.adaptive_avg_pool2d(self.maps(x), 1)
            self.pooled = x.flatten(1)
            return self.head(self.norm(x).flatten(1))

    class ChannelsLast(Pooled):
        """As timm's Swin: the map is (batch, height, width, channels)."""

        def forward(self, x):
            self.pooled = self.norm(self.maps(x).permute(0, 2, 3, 1)).mean((1, 2))
            return self.head(self.pooled)

    class Tokens(Pooled):
        """As mixers: (batch, tokens, channels)."""

        def forward(self, x):
            self.pooled = self.norm(self.maps(x).flatten(2).transpose(1, 2)).mean(1)
            return self.head(self.pooled)

    class Largest(Pooled):
        """Takes the largest of each channel, not the mean."""

        def forward(self, x):
            self.pooled = self.norm(self.maps(x).permute(0, 2, 3, 1)).amax((1, 2))
            return self.head(self.pooled)

    class Features(nn.Module):
        """As DenseNet: all in one module, whose first layers are no block; the last normalisation stands alone."""

        def __init__(self, width=6):
            super().__init__()
            layers = {"conv0": nn.Conv2d(3, width, 3, 2, 1, bias=False), "norm0": nn.BatchNorm2d(width), "relu0": nn.ReLU()}
            layers |= {f"block{i}": Block(width, width, 1) for i in (1, 2, 3)} | {"norm5": nn.BatchNorm2d(width)}
            self.features, self.classifier = nn.Sequential(collections.OrderedDict(layers)), nn.Linear(width, CLASSES)

        def forward(self, x):
            return self.classifier(nn.functional.adaptive_avg_pool2d(torch.relu(self.features(x)), 1).flatten(1))

    return {"features": Features, "residual": Residual, "transformer": Transformer, "squeezed": Squeezed, "norm_behind_pool": NormBehindPool,
            "channels_last": ChannelsLast, "tokens": Tokens, "largest": Largest}


def write_torch(*chosen):
    import torch
    networks = torch_networks()
    for network, dynamo, opset, free in (
        ("residual", False, 11, False), ("residual", False, 17, True), ("residual", True, 18, True),
        ("residual", True, 22, False), ("transformer", False, 14, False), ("transformer", False, 17, True),
        ("transformer", True, 20, True), ("squeezed", False, 13, True), ("squeezed", True, 21, True),
        ("norm_behind_pool", False, 14, True), ("norm_behind_pool", False, 17, True), ("norm_behind_pool", True, 18, True),
        ("channels_last", False, 14, True), ("channels_last", True, 20, True), ("tokens", False, 17, True),
        ("tokens", True, 18, True), ("largest", True, 18, True), ("features", False, 17, True), ("features", True, 20, True),
    ):
        if chosen and network not in chosen:
            continue
        model = networks[network]().eval()
        state = model.state_dict()
        for key, tensor in state.items():
            if not key.endswith("num_batches_tracked"):
                fan_in = math.prod(tensor.shape[1:]) if tensor.dim() != 3 else 1
                state[key] = torch.from_numpy(weight(key, tuple(tensor.shape), fan_in))
        model.load_state_dict(state)
        name = f"{network}_{'dynamo' if dynamo else 'script'}_{opset}{'' if free else '_fixed'}"
        inputs = torch.from_numpy(pictures())
        example = inputs if free else inputs[:1]
        file = str(FOLDER / f"{name}.onnx")
        if dynamo:
            shapes = ({0: torch.export.Dim("count")},) if free else None
            torch.onnx.export(model, (example,), file, dynamo=True, opset_version=opset, dynamic_shapes=shapes,
                              external_data=False, verbose=False)
        else:
            torch.onnx.export(model, (example,), file, dynamo=False, opset_version=opset, input_names=["image"],
                              output_names=["scores"],
                              dynamic_axes={"image": {0: "n"}, "scores": {0: "n"}} if free else None)
        strip(file)
        with torch.no_grad():
            values = model(inputs).numpy()
            pooled = model.pooled.numpy() if hasattr(model, "pooled") else None
            save(name, "probabilities" if network == "squeezed" else "output", values, pooled=pooled)
        print(name, os.path.getsize(file))


def strip(file):
    """Stack traces and folders of this machine do not belong into a golden."""
    import onnx
    model = onnx.load(file)
    for node in model.graph.node:
        node.doc_string = ""
        kept = [p for p in node.metadata_props if p.key == "pkg.torch.onnx.name_scopes"]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    del model.graph.value_info[:]
    onnx.save(model, file)


def write_keras():
    os.environ["TF_CPP_MIN_LOG_LEVEL"], os.environ["CUDA_VISIBLE_DEVICES"] = "3", "-1"
    import keras
    import tensorflow as tf
    import tf2onnx
    from keras import layers

    def block(x, width, stride, name):
        y = layers.Conv2D(width, 3, stride, padding="same", use_bias=False, name=f"{name}_conv")(x)
        y = layers.BatchNormalization(name=f"{name}_bn")(y)
        y = layers.Activation("relu6", name=f"{name}_relu")(y)
        y = layers.DepthwiseConv2D(3, padding="same", use_bias=False, name=f"{name}_depthwise")(y)
        y = layers.BatchNormalization(name=f"{name}_depthwise_bn")(y)
        return layers.Add(name=f"{name}_add")([x, y]) if stride == 1 and x.shape[-1] == width else y

    x = inputs = keras.Input((SIZE, SIZE, 3))
    for number, (width, stride) in enumerate(((6, 2), (6, 1), (8, 2), (12, 2))):
        x = block(x, width, stride, f"block_{number + 1}")
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    model = keras.Model(inputs, layers.Dense(CLASSES, activation="softmax", name="predictions")(x), name="small")
    for variable in model.weights:
        shape = tuple(variable.shape)
        variable.assign(weight(variable.path, shape, math.prod(shape[:-1])))
    values = pictures().transpose(0, 2, 3, 1)
    for opset in (11, 15):
        name = f"keras_{opset}"
        call = tf.function(lambda image: model(image, training=False))
        tf2onnx.convert.from_function(call, [tf.TensorSpec((None, SIZE, SIZE, 3), tf.float32, name="image")], opset=opset,
                                      output_path=str(FOLDER / f"{name}.onnx"))
        save(name, "probabilities", model(values, training=False).numpy())
        print(name, os.path.getsize(FOLDER / f"{name}.onnx"))


def write_seeds():
    """Small models with what exporters write: arithmetic on shapes, old opsets, constants, functions, typed fields."""
    import onnx
    texts = {
        "shapes": """<ir_version: 8, opset_import: ["": 17]>
            net (float[n,3,8,8] x) => (float[n,10] y) <int64[1] zero = {0}, int64[1] rest = {-1}> {
            c = Conv <pads = [1,1,1,1], strides = [2,2]> (x, w)
            r = Relu (c)
            s = Shape (r)
            n = Gather (s, zero)
            t = Concat <axis = 0> (n, rest)
            v = Reshape (r, t)
            y = Gemm <transB = 1> (v, f) }""",
        "old": """<ir_version: 3, opset_import: ["": 9]>
            net (float[1,3,4,4] x) => (float[1,3,10,8] y) <float[4] k = {1, 1, 2, 2}> {
            u = Upsample <mode = "nearest"> (x, k)
            d, mask = Dropout <ratio = 0.5> (u)
            p = Pad <pads = [0,0,1,0,0,0,1,0], value = 1.0> (d)
            c = Clip <min = 0.0, max = 6.0> (p)
            y = Softmax <axis = 1> (c) }""",
        "mixed": """<ir_version: 9, opset_import: ["": 21, "mine": 1]>
            net (float16[n,4,6] x) => (float16[n,4,6] y) <float16[4] s = {1, 2, 3, 4}, float16[4] b = {1, 2, 3, 4}> {
            g = GroupNormalization <num_groups = 2> (x, s, b)
            c = Constant <value_ints = [0, 2]> ()
            a = mine.twice <k = 1> (g)
            t = Slice (a, c, c, c)
            y = Identity (a) }
            <domain: "mine", opset_import: ["": 21]> twice <k> (i) => (o) { h = Transpose <perm = [0, 1, 2]> (i)
            o = Add (h, i) }""",
        "control": """<ir_version: 8, opset_import: ["": 17]>
            net (bool c, float[2] x) => (float[2] y) {
            y = If (c) <then_branch = a () => (float[2] p) { p = Relu (x) }, else_branch = b () => (float[2] q) { q = Neg (x) }> }""",
    }
    folder = FOLDER.parents[3] / "fuzz" / "corpus" / "onnx_import"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        model = onnx.parser.parse_model(text)
        for tensor, shape in (("w", (4, 3, 3, 3)), ("f", (10, 64))):
            if name == "shapes":
                model.graph.initializer.append(onnx.numpy_helper.from_array(filled(tensor, shape), tensor))
        (folder / name).write_bytes(model.SerializeToString())


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    FOLDER.mkdir(parents=True, exist_ok=True)
    other = {"keras": write_keras, "seeds": write_seeds}.get("".join(sys.argv[1:]))
    other() if other else write_torch(*sys.argv[1:])
