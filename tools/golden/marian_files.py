"""Writes the seeds of fuzz/corpus/npz and fuzz/corpus/marian_binary, and tests/golden/weights/marian.npz and marian.bin:
two matrices, a vector and the settings of a network, as Marian saves them, the matrices of the second in 8 bits."""
import io
import pathlib
import struct

import numpy as np

ROOT = pathlib.Path(__file__).parents[2]
SETTINGS = np.frombuffer(b"dim-emb: 4\ntype: transformer\n\0", dtype=np.int8)


def quantised(matrix, turned):
    multiplier = np.float32(127 / np.abs(matrix).max())
    values = np.clip(np.rint(matrix * multiplier), -127, 127).astype(np.int8)
    return values, multiplier, (values.T if turned else values).tobytes() + multiplier.tobytes()


def binary(items):
    """Of (name, type, shape, bytes), as marian-dev's binary.cpp writes them."""
    head = struct.pack("<QQ", 1, len(items))
    for name, kind, shape, data in items:
        head += struct.pack("<QQQQ", len(name) + 1, kind, len(shape), len(data))
    head += b"".join(name.encode() + b"\0" for name, *_ in items)
    head += b"".join(struct.pack(f"<{len(shape)}i", *shape) for _, _, shape, _ in items)
    padding = -(len(head) + 8) % 256
    return head + struct.pack("<Q", padding) + bytes(padding) + b"".join(data for *_, data in items)


def main():
    rng = np.random.default_rng(4)
    words, matrix = rng.normal(size=(5, 4)).astype(np.float32), rng.normal(size=(4, 3)).astype(np.float32)
    bias = rng.normal(size=(1, 3)).astype(np.float32)
    word_values, word_scale, word_bytes = quantised(words, False)
    values, scale, data = quantised(matrix, True)
    pad = bytes(20)
    items = [("Wemb", 0x4101, (5, 4), word_bytes + pad), ("Wemb_QuantMultA", 0x4101, (1, 1), bytes(8)),
             ("decoder_ff_logit_out_b", 0x404, (1, 3), bias.tobytes() + pad),
             ("encoder_l1_self_Wq", 0x4101, (4, 3), data + pad), ("special:model.yml", 0x101, SETTINGS.shape, SETTINGS.tobytes())]
    whole = binary(items)
    arrays = {"Wemb": word_values / word_scale, "encoder_l1_self_Wq": values / scale, "decoder_ff_logit_out_b": bias,
              "special:model.yml": SETTINGS}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    golden = ROOT / "tests/golden/weights"
    (golden / "marian.bin").write_bytes(whole)
    (golden / "marian.npz").write_bytes(buffer.getvalue())
    deflated = io.BytesIO()
    np.savez_compressed(deflated, a=np.arange(3), b=np.zeros((), np.float64), c=np.zeros((2, 0), np.float16), d=np.array([True]))
    fortran = io.BytesIO()
    np.savez(fortran, a=np.asfortranarray(words))
    objects = io.BytesIO()
    np.savez(objects, a=np.array([None, 1], dtype=object))
    seeds = {
        "npz": {"marian": buffer.getvalue(), "deflated": deflated.getvalue(), "fortran": fortran.getvalue(),
                "objects": objects.getvalue(), "truncated": buffer.getvalue()[:400],
                "shape": buffer.getvalue().replace(b"(5, 4)", b"(9, 9)")},
        "marian_binary": {"marian": whole, "truncated": whole[:300], "empty": struct.pack("<QQ", 1, 0),
                          "many": struct.pack("<QQQQ", 1, 99999, 5, 0x404), "type": whole.replace(b"\x04\x04\0\0", b"\x04\x08\0\0"),
                          "shape": whole.replace(struct.pack("<ii", 4, 3), struct.pack("<ii", 0x7fffffff, 0x7fffffff))},
    }
    for name, files in seeds.items():
        for file, content in files.items():
            folder = ROOT / "fuzz/corpus" / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)


if __name__ == "__main__":
    main()
