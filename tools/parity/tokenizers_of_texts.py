#!/usr/bin/env python3
"""Holds libenxerto_text.so against the Python library tokenizers 0.22.2: ids, types, masks, offsets, sequences, pieces,
overflowing windows and decoded texts must all be equal.

    python3 tools/parity/tokenizers_of_texts.py LIBRARY TOKENIZER.json ... [--texts FILE ...] [--every N]

LIBRARY is build/release/lib/libenxerto_text.so. The corpus is every scalar value of Unicode alone, doubled and behind an
a (each N-th where asked), odd texts, and the lines of FILE (for .json: its paragraphs and questions, as SQuAD has them),
the latter also as pairs and cut into windows. Needs a Python with tokenizers==0.22.2.
"""
import argparse
import ctypes
import json
import pathlib
import re
import sys

import tokenizers

ODD = ["", " ", "\u32ff", "\u180e", "\u017f's \u017fs", "\u0345", "\u1e9e STRASSE", "\ufeffbom", "a\u0301\u0301\u0301",
       "\u0301", "👨‍👩‍👧‍👦 🇵🇹🇧🇷", " " * 10000, "a\r\nb\r\n\r\n", "[CLS]a[SEP] b[MASK]c</s><s> <|endoftext|>x<|im_start|>",
       "x" * 300, "İstanbul ΣΑΣ ǅ", "1234567890 12 3", "don't DON'T we'll", "a\u00a0b\u2003c\u3000d", "ﬁ ① ㎏ ｱ",
       "한국어 텍스트 각", "עִבְרִית", "हिन्दी में", "ไทย", "中文字𠀀𪘀", "\x01\x02\x7f\x85", "�", "a\u200bb\u200dc\u2060d", "٠١٢ ४५"]


INTERFACE = pathlib.Path(__file__).resolve().parents[2] / "enxerto/media/text/crate_interface.h"
VERSION = int(re.search(r"kTextModuleVersion = (\d+)", INTERFACE.read_text()).group(1))


class Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]

    @staticmethod
    def of(text):
        data = text.encode()
        one = Text(ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p), len(data))
        one.kept = data
        return one


class Truncation(ctypes.Structure):
    _fields_ = [("max_length", ctypes.c_size_t), ("stride", ctypes.c_size_t), ("strategy", ctypes.c_int32),
                ("left", ctypes.c_int32), ("add_special", ctypes.c_int32)]


class Facts(ctypes.Structure):
    _fields_ = [("pieces", ctypes.c_size_t), ("ids", ctypes.c_size_t), ("added_single", ctypes.c_size_t),
                ("added_pair", ctypes.c_size_t), ("unknown", ctypes.c_int64)]


class Window(ctypes.Structure):
    _fields_ = [("count", ctypes.c_size_t)] + [
        (name, ctypes.POINTER(kind)) for name, kind in
        [("ids", ctypes.c_uint32), ("type_ids", ctypes.c_uint32), ("attention", ctypes.c_uint32),
         ("special", ctypes.c_uint32), ("sequences", ctypes.c_int32), ("offsets", ctypes.c_uint32),
         ("pieces", ctypes.c_char), ("piece_ends", ctypes.c_size_t)]]


P, I, S = ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t
TEXTS = ctypes.POINTER(Text)
SIGNATURES = [("text_free", None, [Text]), ("open", I, [Text, ctypes.POINTER(P), TEXTS]), ("close", None, [P]),
              ("facts", Facts, [P]), ("encode", I, [P, TEXTS, S, Truncation, ctypes.POINTER(P), TEXTS]),
              ("windows", S, [P]), ("window", Window, [P, S]), ("encoding_free", None, [P]),
              ("decode", I, [P, ctypes.POINTER(ctypes.c_uint32), S, ctypes.c_int32, TEXTS, TEXTS]),
              ("id", ctypes.c_int64, [P, Text]), ("piece", I, [P, ctypes.c_uint32, TEXTS])]


class Module:
    def __init__(self, library):
        entry = ctypes.CDLL(library).enxerto_text_module
        entry.restype, entry.argtypes = ctypes.POINTER(P * len(SIGNATURES)), [I]
        for pointer, (name, result, arguments) in zip(entry(VERSION).contents, SIGNATURES):
            setattr(self, name, ctypes.CFUNCTYPE(result, *arguments)(pointer))

    def take(self, text):
        value = ctypes.string_at(text.data, text.size).decode()
        self.text_free(text)
        return value


class Ours:
    def __init__(self, module, text):
        self.module, self.handle = module, P()
        self.check(module.open(Text.of(text), ctypes.byref(self.handle), self.error()))

    def error(self):
        self.last = Text()
        return ctypes.byref(self.last)

    def check(self, code):
        if code:
            raise ValueError(self.module.take(self.last))

    def encode(self, texts, max_length=0, stride=0, strategy=0, left=False, special=True):
        views = (Text * len(texts))(*[Text.of(text) for text in texts])
        kept = [text.encode() for text in texts]
        for view, data in zip(views, kept):
            view.data, view.size = ctypes.cast(ctypes.c_char_p(data), P), len(data)
        encoding = P()
        self.check(self.module.encode(self.handle, views, len(texts), Truncation(max_length, stride, strategy, left, special),
                                      ctypes.byref(encoding), self.error()))
        try:
            return [plain(self.module.window(encoding, i)) for i in range(self.module.windows(encoding))]
        finally:
            self.module.encoding_free(encoding)

    def decode(self, ids, skip):
        out = Text()
        self.check(self.module.decode(self.handle, (ctypes.c_uint32 * len(ids))(*ids), len(ids), skip, ctypes.byref(out),
                                      self.error()))
        return self.module.take(out)


def plain(window):
    n = window.count
    ends = [0] + window.piece_ends[:n]
    data = ctypes.string_at(window.pieces, ends[-1])
    offsets = window.offsets[:2 * n]
    return (window.ids[:n], window.type_ids[:n], window.attention[:n], window.special[:n], window.sequences[:n],
            list(zip(offsets[::2], offsets[1::2])), [data[a:b].decode() for a, b in zip(ends, ends[1:])])


def theirs(encoding):
    return (encoding.ids, encoding.type_ids, encoding.attention_mask, encoding.special_tokens_mask,
            [-1 if i is None else i for i in encoding.sequence_ids], encoding.offsets, encoding.tokens)


class Comparison:
    def __init__(self, module, path):
        text = pathlib.Path(path).read_text(encoding="utf-8")
        if set(json.loads(text)) >= {"tokenizer", "cases"}:  # tests/golden/text
            text = json.dumps(json.loads(text)["tokenizer"])
        self.ours, self.python = Ours(module, text), tokenizers.Tokenizer.from_str(text)
        self.python.no_padding()
        self.compared = self.wrong = self.refused = 0

    def texts(self, texts, max_length=0, stride=0, strategy=0, left=False, special=True, decode=True):
        if max_length:
            self.python.enable_truncation(max_length, stride=stride, direction="left" if left else "right",
                                          strategy=["longest_first", "only_first", "only_second"][strategy])
        else:
            self.python.no_truncation()
        try:
            one = self.python.encode(*texts, add_special_tokens=special)
        except BaseException as error:  # its panics are no Exception
            self.refusal(texts, error, lambda: self.ours.encode(texts, max_length, stride, strategy, left, special))
            return
        known = [theirs(window) for window in [one, *one.overflowing]]
        found = self.ours.encode(texts, max_length, stride, strategy, left, special)
        same = found == known
        for skip in (True, False) if decode and same else ():
            same = same and self.ours.decode(one.ids, skip) == self.python.decode(one.ids, skip_special_tokens=skip)
        self.compared += 1
        if not same:
            self.wrong += 1
            if self.wrong < 5:
                print("  differs:", repr(texts)[:200], max_length, stride, found[0][6][:20], known[0][6][:20])

    def refusal(self, texts, error, encode):
        if isinstance(error, KeyboardInterrupt):
            raise error
        try:
            encode()
            self.wrong += 1
            print("  not refused:", repr(texts)[:200], error)
        except ValueError:
            self.refused += 1


def lines_of(path):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    if not path.endswith(".json"):
        return text.splitlines()
    lines = []
    for article in json.loads(text)["data"]:
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                lines += [question["question"], paragraph["context"]]
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("library")
    parser.add_argument("tokenizers", nargs="+")
    parser.add_argument("--texts", nargs="*", default=[])
    parser.add_argument("--every", type=int, default=1)
    arguments = parser.parse_args()
    assert tokenizers.__version__ == "0.22.2", tokenizers.__version__
    module, failed = Module(arguments.library), False
    for path in arguments.tokenizers:
        comparison = Comparison(module, path)
        for value in range(0, 0x110000, arguments.every):
            if 0xD800 <= value < 0xE000:
                continue
            for text in (chr(value), chr(value) * 2, "a" + chr(value)):
                comparison.texts([text], decode=value % 16 == 0)
        for text in ODD:
            for max_length, stride in ((0, 0), (16, 0), (16, 4)):
                for left in (False, True):
                    comparison.texts([text], max_length, stride, left=left)
                    comparison.texts([text, "and this"], max_length, stride, left=left)
            comparison.texts([text], special=False)
        for name in arguments.texts:
            lines = lines_of(name)
            for i, line in enumerate(lines):
                comparison.texts([line])
                if i % 4 == 1:
                    comparison.texts([lines[i - 1], line])
                    comparison.texts([lines[i - 1], line], 48, 0, left=i % 8 == 1)
                    comparison.texts([lines[i - 1], line], 64, 16, strategy=2)
                    comparison.texts([line], 24, 8)
        print(f"{path}: {comparison.compared} equal but {comparison.wrong}, {comparison.refused} refused by both",
              flush=True)
        failed = failed or comparison.wrong > 0
    sys.exit(failed)


if __name__ == "__main__":
    main()
