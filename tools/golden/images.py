#!/usr/bin/env python3
"""Writes tests/golden/media: small pictures of every format, and what Pillow 13 makes of them and of resizes.

Usage: tools/golden/images.py [FOLDER]      needs Pillow 13 and numpy

pictures.txt    file, width, height and the first 16 digits of the SHA-256 of its RGB bytes
resizes.txt     width height of `pattern`, width height asked for, filter, the same digits
preprocess.txt  width height of `pattern`, size, fit, crop fraction, filter, the same digits of the float32 numbers
"""
import hashlib
import io
import math
import pathlib
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageOps

FILTERS = {"nearest": 0, "box": 4, "bilinear": 2, "hamming": 5, "bicubic": 3, "lanczos": 1}


def digits(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]


def pattern(width, height):
    """The picture that the tests make too: noise over slopes, in 32-bit arithmetic."""
    index = np.arange(width * height * 3, dtype=np.uint32)
    noise = (index * np.uint32(2654435761)) >> np.uint32(13)
    noise = (noise ^ (noise >> np.uint32(7))) * np.uint32(40503)
    return ((noise >> np.uint32(9)) & np.uint32(255)).astype(np.uint8).reshape(height, width, 3)


def photo(width=37, height=26):
    """Smooth colours with a few hard edges, so that every decoder has something to do and files stay small."""
    y, x = np.mgrid[0:height, 0:width]
    red = 128 + 100 * np.sin(x / 5.0) + (x > width // 2) * 20
    green = 255.0 * y / height - 40 * (x + y > 30)
    blue = 128 + 90 * np.cos((x - y) / 7.0)
    return Image.fromarray(np.clip(np.stack([red, green, blue], -1), 0, 255).astype(np.uint8))


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def oriented(kind, orientation, **options):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(photo(19, 12), kind, exif=exif, **options)


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def packed_rows(samples, bits):
    """Rows of unsigned samples (height, width * channels) as bytes, most significant bit first."""
    if bits == 16:
        return [row.astype(">u2").tobytes() for row in samples]
    if bits == 8:
        return [row.astype(np.uint8).tobytes() for row in samples]
    return [np.packbits((row[:, None] >> np.arange(bits - 1, -1, -1)) & 1).tobytes() for row in samples]


def png(pixels, bits, color, interlaced=False, extra=b""):
    """A PNG file from samples (height, width, channels) of any depth, interlaced or not."""
    height, width, channels = pixels.shape
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b""
    for x, y, step_x, step_y in passes if interlaced else [(0, 0, 1, 1)]:
        part = pixels[y::step_y, x::step_x]
        if part.size:
            raw += b"".join(b"\0" + row for row in packed_rows(part.reshape(part.shape[0], -1), bits))
    header = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(raw, 9))
            + chunk(b"IEND", b""))


def bmp(width, height, bits, pixels, compression=0, palette=b"", masks=b""):
    offset = 14 + 40 + len(masks) + len(palette)
    head = b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(pixels), 0, 0, len(palette) // 4, 0)
    return head + info + masks + palette + pixels


def tiff(pixels, bits, photometric, order="<", planar=1, tile=0, extra=()):
    """An uncompressed TIFF file from samples (height, width, channels): strips or tiles, samples together or apart."""
    height, width, channels = pixels.shape
    blocks = []
    for plane in [pixels] if planar == 1 else [pixels[..., c : c + 1] for c in range(channels)]:
        if not tile:
            blocks += [plane[y : y + 10] for y in range(0, height, 10)]
            continue
        padded = np.pad(plane, ((0, -height % tile), (0, -width % tile), (0, 0)))
        blocks += [padded[y : y + tile, x : x + tile] for y in range(0, height, tile) for x in range(0, width, tile)]
    data = [block.astype(order + "u2" if bits == 16 else np.uint8).tobytes() for block in blocks]
    offsets, body = [], b""
    for each in data:
        offsets.append(8 + len(body))
        body += each + b"\0" * (len(each) % 2)
    sizes = [len(each) for each in data]
    where, length = (324, 325) if tile else (273, 279)
    tags = {256: [width], 257: [height], 258: [bits] * channels, 259: [1], 262: [photometric], where: offsets,
            277: [channels], length: sizes, 284: [planar]}
    tags |= {322: [tile], 323: [tile]} if tile else {278: [10]}
    tags |= {338: list(extra)} if extra else {}
    directory = 8 + len(body)
    tail_at = directory + 2 + 12 * len(tags) + 4
    entries, tail = b"", b""
    for tag, values in sorted(tags.items()):
        code, kind = ("I", 4) if tag in (where, length) else ("H", 3)
        packed = struct.pack(order + code * len(values), *values)
        if len(packed) > 4:
            pointer = struct.pack(order + "I", tail_at + len(tail))
            tail += packed
            packed = pointer
        entries += struct.pack(order + "HHI", tag, kind, len(values)) + packed.ljust(4, b"\0")
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, directory)
    return head + body + struct.pack(order + "H", len(tags)) + entries + b"\0\0\0\0" + tail


def jpegs():
    image = photo()
    yield from ((f"baseline_{s}.jpg", saved(image, "JPEG", quality=85, subsampling=n)) for n, s in enumerate(("444", "422", "420")))
    yield "progressive.jpg", saved(image, "JPEG", progressive=True)
    yield "progressive_grey.jpg", saved(image.convert("L"), "JPEG", progressive=True)
    yield "grey.jpg", saved(image.convert("L"), "JPEG")
    yield "cmyk.jpg", saved(image.convert("CMYK"), "JPEG")
    yield "restarts.jpg", saved(image, "JPEG", restart_marker_blocks=2, optimize=True)
    yield "rgb.jpg", saved(image, "JPEG", keep_rgb=True)
    yield from ((f"exif_{n}.jpg", oriented("JPEG", n)) for n in range(1, 9))
    xmp = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    yield "xmp.jpg", saved(photo(19, 12), "JPEG", xmp=xmp)
    # Adobe's YCCK: as CMYK, with transform 2 in its APP14 segment.
    ycck = saved(image.convert("CMYK"), "JPEG").replace(b"Adobe\0\x64\0\0\0\0\0", b"Adobe\0\x64\0\0\0\0\2")
    assert ycck != saved(image.convert("CMYK"), "JPEG")
    yield "ycck.jpg", ycck
    yield "junk_behind.jpg", saved(image, "JPEG") + b"\0junk" * 9
    yield "png_named.jpg", saved(image, "PNG")


def pngs():
    image = photo()
    for mode in ("RGB", "RGBA", "L", "LA", "1"):
        yield f"mode_{mode.lower()}.png", saved(image.convert(mode), "PNG")
    alpha = image.convert("RGBA")
    alpha.putalpha(Image.fromarray(np.arange(37 * 26, dtype=np.uint32).astype(np.uint8).reshape(26, 37)))
    yield "alpha.png", saved(alpha, "PNG")
    yield "palette.png", saved(image.quantize(200), "PNG", transparency=3)
    yield from ((f"palette_{n}.png", saved(image.quantize(1 << n), "PNG", bits=n)) for n in (1, 2, 4))
    yield "transparent_colour.png", saved(image, "PNG", transparency=image.getpixel((3, 3)))
    rows = np.asarray(image).astype(np.uint32)
    deep = rows * 257 + (np.arange(37) * 5)[None, :, None] % 200
    yield "rgb16.png", png(np.minimum(deep, 65535), 16, 2)
    yield "rgba16.png", png(np.minimum(np.concatenate([deep, deep[..., :1]], -1), 65535), 16, 6)
    yield "grey16.png", png(np.minimum(deep[..., :1], 65535), 16, 0)
    yield from ((f"grey{n}.png", png(rows[..., :1] >> (8 - n), n, 0)) for n in (1, 2, 4))
    yield "interlaced.png", png(rows, 8, 2, interlaced=True)
    short = chunk(b"PLTE", bytes(range(30, 60)))
    yield "interlaced_palette.png", png(rows[..., :1] >> 5, 4, 3, interlaced=True, extra=short)
    yield "short_palette.png", png(rows[..., :1] >> 4, 4, 3, extra=short)
    yield from ((f"exif_{n}.png", oriented("PNG", n)) for n in (6, 7))


def webps():
    image = photo()
    alpha = image.convert("RGBA")
    alpha.putalpha(Image.fromarray((np.arange(37 * 26, dtype=np.uint32) // 4).astype(np.uint8).reshape(26, 37)))
    yield "lossy.webp", saved(image, "WEBP", quality=70)
    yield "lossless.webp", saved(image, "WEBP", lossless=True)
    yield "alpha.webp", saved(alpha, "WEBP", quality=70)
    yield "alpha_lossless.webp", saved(alpha, "WEBP", lossless=True, exact=True)
    yield "animated.webp", saved(image, "WEBP", save_all=True, append_images=[ImageOps.flip(image)], duration=50)
    yield "exif_5.webp", oriented("WEBP", 5)


def bmps():
    image = photo()
    rows = np.asarray(image).astype(np.uint32)
    yield from ((f"mode_{m.lower()}.bmp", saved(image.convert(m), "BMP")) for m in ("RGB", "RGBA", "L", "1"))
    yield "palette.bmp", saved(image.quantize(77), "BMP")
    colours = bytes(v for i in range(16) for v in (i * 15, 255 - i * 16, i * i, 0))
    nibbles = rows[..., 0] >> 4
    packed = b"".join((r[0::2] << 4 | np.append(r, 0)[1::2]).astype(np.uint8).tobytes() + b"\0" for r in nibbles[::-1])
    yield "palette_4.bmp", bmp(37, 26, 4, packed, palette=colours)
    yield "short_palette.bmp", bmp(37, 26, 4, packed, palette=colours[:32])
    line = lambda p: b"".join(r.astype("<u2").tobytes() + b"\0\0" for r in p[::-1])
    rgb555 = (rows[..., 0] >> 3) << 10 | (rows[..., 1] >> 3) << 5 | rows[..., 2] >> 3
    rgb565 = (rows[..., 0] >> 3) << 11 | (rows[..., 1] >> 2) << 5 | rows[..., 2] >> 3
    yield "rgb555.bmp", bmp(37, 26, 16, line(rgb555))
    yield "rgb565.bmp", bmp(37, 26, 16, line(rgb565), 3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F))
    words = (rows[..., 0] << 24 | rows[..., 1] << 16 | rows[..., 2] << 8)[::-1].astype("<u4").tobytes()
    yield "xbgr.bmp", bmp(37, 26, 32, words, 3, masks=struct.pack("<III", 0xFF000000, 0xFF0000, 0xFF00))
    down = b"".join(r[:, ::-1].astype(np.uint8).tobytes() + b"\0" for r in rows)
    yield "top_down.bmp", bmp(37, -26, 24, down)
    old = b"BM" + struct.pack("<IHHI", 0, 0, 0, 26 + 48) + struct.pack("<IHHHH", 12, 37, 26, 1, 4)
    yield "os2.bmp", old + bytes(v for i in range(16) for v in (i * 15, 255 - i * 16, i * i)) + packed
    big = bytes(v for i in range(256) for v in (i, 255 - i, i // 2, 0))
    runs = b"".join(bytes([20, i * 9, 0, 5]) + bytes(range(5)) + b"\0" + bytes([12, i]) + b"\0\0" for i in range(25))
    yield "rle8.bmp", bmp(37, 26, 8, runs + b"\0\2\3\0" + b"\x22\7\0\1", 1, big)
    runs = b"".join(bytes([20, i * 9]) + b"\0\5\x12\x34\x50\0" + bytes([12, i]) + b"\0\0" for i in range(26))
    yield "rle4.bmp", bmp(37, 26, 4, runs + b"\0\1", 2, colours)


def tiffs():
    image = photo()
    rows = np.asarray(image).astype(np.uint32)
    for name in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        yield f"{name}.tif", saved(image, "TIFF", compression=name)
    for mode in ("L", "LA", "RGBA", "CMYK", "P", "1"):
        yield f"mode_{mode.lower()}.tif", saved(image.convert(mode), "TIFF", compression="tiff_lzw")
    yield "group4.tif", saved(image.convert("1"), "TIFF", compression="group4")
    deep = np.minimum(rows * 257 + 77, 65535)
    yield "rgb16.tif", tiff(deep, 16, 2)
    yield "rgb16_big_endian.tif", tiff(deep, 16, 2, order=">")
    yield "grey16.tif", tiff(deep[..., :1], 16, 1)
    yield "white_is_zero.tif", tiff(rows[..., :1], 8, 0)
    yield "planes.tif", tiff(rows, 8, 2, planar=2)
    yield "tiles.tif", tiff(rows, 8, 2, tile=16)
    yield "tiles_planes.tif", tiff(rows, 8, 2, tile=16, planar=2)
    alpha = np.concatenate([rows, rows[..., :1] // 2 + 60], -1)
    yield "premultiplied.tif", tiff(alpha, 8, 2, extra=(1,))
    yield from ((f"exif_{n}.tif", oriented("TIFF", n)) for n in (3, 6))


def gifs():
    image = photo().quantize(60)
    yield "interlaced.gif", saved(image, "GIF")
    yield "rows.gif", saved(image, "GIF", interlace=0)
    yield "grey.gif", saved(photo().convert("L"), "GIF")
    yield "transparent.gif", saved(image, "GIF", transparency=5)
    yield "animated.gif", saved(image, "GIF", save_all=True, append_images=[ImageOps.flip(photo()).quantize(40)])
    plain = bytearray(saved(image, "GIF", interlace=0))
    frame = plain.index(b",\0\0\0\0")
    for name, x, y in (("inside", 0, 0), ("outside", 9, 7)):
        moved = bytearray(plain)
        moved[frame + 1 : frame + 5] = struct.pack("<HH", x + 2, y + 3)
        if name == "inside":
            moved[6:10] = struct.pack("<HH", 50, 40)
        yield f"frame_{name}.gif", bytes(moved)


def expected(name, data):
    if name.startswith("grey16"):
        # By the high byte: Pillow's convert("RGB") clips 16 bits of grey at 255 instead, which leaves a white page.
        return np.repeat((np.asarray(Image.open(io.BytesIO(data))).astype(np.uint16) >> 8).astype(np.uint8)[..., None], 3, 2)
    return np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB"))


def write_pictures(folder):
    lines = []
    for kind in (jpegs, pngs, webps, bmps, tiffs, gifs):
        for name, data in kind():
            array = expected(name, data)
            (folder / name).write_bytes(data)
            lines.append(f"{name} {array.shape[1]} {array.shape[0]} {digits(array)}\n")
    (folder / "pictures.txt").write_text("".join(lines))


def write_resizes(folder):
    sizes = [(1, 1), (1, 9), (7, 1), (2, 3), (16, 16), (33, 17), (64, 48), (50, 75), (101, 67), (20, 300), (9, 40)]
    targets = [(1, 1), (3, 2), (8, 8), (31, 31), (32, 24), (96, 96), (77, 5), (5, 130)]
    lines = []
    for width, height in sizes:
        image = Image.fromarray(pattern(width, height))
        for to_width, to_height in targets + [(width, 13), (13, height), (width, height)]:
            for name, code in FILTERS.items():
                found = digits(np.asarray(image.resize((to_width, to_height), code)))
                lines.append(f"{width} {height} {to_width} {to_height} {name} {found}\n")
    (folder / "resizes.txt").write_text("".join(lines))


def cropped(image, size, fraction, code):
    """timm's and torchvision's Resize of the shorter side and CenterCrop."""
    side = int(math.floor(size / fraction))
    width, height = image.size
    shape = (side, int(side * height / width)) if width <= height else (int(side * width / height), side)
    image = image.resize(shape, code)
    left, top = int(round((shape[0] - size) / 2.0)), int(round((shape[1] - size) / 2.0))
    return image.crop((left, top, left + size, top + size))


def write_preprocess(folder):
    mean = np.array([0.485, 0.456, 0.406], np.float32)[:, None, None]
    deviation = np.array([0.229, 0.224, 0.225], np.float32)[:, None, None]
    lines = []
    for width, height in [(64, 48), (48, 64), (37, 37), (200, 31), (31, 200), (3, 5), (32, 32), (28, 41)]:
        image = Image.fromarray(pattern(width, height))
        for size, fraction in [(32, 0.875), (28, 1.0), (41, 0.9), (24, 0.95)]:
            for name, code in FILTERS.items():
                for fit in ("squash", "center_crop"):
                    squashed = fit == "squash"
                    view = image.resize((size, size), code) if squashed else cropped(image, size, fraction, code)
                    values = np.asarray(view).transpose(2, 0, 1).astype(np.float32) / np.float32(255)
                    lines.append(f"{width} {height} {size} {fit} {fraction} {name} {digits((values - mean) / deviation)}\n")
    (folder / "preprocess.txt").write_text("".join(lines))


if __name__ == "__main__":
    default = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "media"
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    target.mkdir(parents=True, exist_ok=True)
    write_pictures(target)
    write_resizes(target)
    write_preprocess(target)
