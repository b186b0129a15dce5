"""Writes enxerto/media/image/glyphs.inc: the letters that are written into pictures.

Usage: python tools/glyphs.py 7x13B-ISO8859-1.pcf.gz        (of Debian's package xfonts-base; needs pillow)

The font is misc-fixed, 7 x 13 pixels, bold ("Public domain font. Share and enjoy."). Of each character of Latin-1 that shows
something, 13 rows from the top, a byte each, the leftmost of 7 pixels in the highest bit but one.
"""
import gzip
import pathlib
import sys

from PIL import PcfFontFile

FILE = pathlib.Path(__file__).resolve().parents[1] / "enxerto" / "media" / "image" / "glyphs.inc"
WIDTH, HEIGHT, ASCENT = 7, 13, 11


def rows_of(glyph):
    (_, _), (left, top, right, bottom), _, image = glyph
    rows = [0] * HEIGHT
    pixels = image.load()
    for y in range(image.height):
        for x in range(image.width):
            if pixels[x, y]:
                rows[ASCENT + top + y] |= 1 << (WIDTH - 1 - (left + x))
    return rows


def main(path):
    font = PcfFontFile.PcfFontFile(gzip.open(path), "iso8859-1")
    lines = []
    for code in [*range(0x20, 0x7F), *range(0xA0, 0x100)]:
        glyph = font.glyph[code]
        rows = rows_of(glyph) if glyph else [0] * HEIGHT
        shown = chr(code) if code not in (0x5C, 0xA0, 0xAD) else hex(code)
        lines.append("{" + ", ".join(f"0x{row:02x}" for row in rows) + "},  // " + shown)
    FILE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
