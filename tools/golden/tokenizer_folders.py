#!/usr/bin/env python3
"""What transformers makes of folders without a tokenizer.json: tests/golden/text/folders.json, and the small SentencePiece
model that one of them has.

    python3 tools/golden/tokenizer_folders.py [TARGET]

Needs a Python with transformers 4, sentencepiece and protobuf.
"""
import json
import pathlib
import sys
import tempfile

import sentencepiece
from transformers import (BertTokenizerFast, GPT2TokenizerFast, RobertaTokenizerFast, T5TokenizerFast, XLMRobertaTokenizerFast)

TEXTS = ["The films were goodly.", "olá, o FILME foi  ÓTIMO ", "a 😀 b", "<mask> film</s>", "[MASK] [SEP]film", "x" * 30,
         "中文 ①"]
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "film", "##s", "were", "good", "##ly", ".", ",", "o", "ola", "a",
         "b", "中", "The", "olá"]


def byte_level(folder, specials):
    from tokenizers.pre_tokenizers import ByteLevel
    vocab = {piece: i for i, piece in enumerate(specials + sorted(ByteLevel.alphabet()))}
    merges = [("t", "h"), ("th", "e"), ("Ġ", "f"), ("f", "i"), ("l", "m"), ("fi", "lm")]
    for left, right in merges:
        vocab.setdefault(left + right, len(vocab))
    files = {"vocab.json": json.dumps(vocab), "merges.txt": "#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges)}
    return files


def cases(tokenizer):
    for texts in [[text] for text in TEXTS] + [["the film", "good"]]:
        encoding = tokenizer._tokenizer.encode(*texts)
        yield {"texts": texts, "ids": encoding.ids, "types": encoding.type_ids,
               "offsets": [list(pair) for pair in encoding.offsets]}


def main():
    target = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "tests/golden/text")
    corpus = ["the film was good", "a fine film and well made", "olá o filme é ótimo", "the films were goodly, and long",
              "so dull a film that the end came late"] * 20
    model = target / "unigram.model"
    with tempfile.TemporaryDirectory() as scratch:
        (pathlib.Path(scratch) / "corpus.txt").write_text("\n".join(corpus), encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=f"{scratch}/corpus.txt", model_prefix=f"{scratch}/m", vocab_size=34, model_type="unigram",
            normalization_rule_name="identity", character_coverage=1.0, minloglevel=2)
        model.write_bytes((pathlib.Path(scratch) / "m.model").read_bytes())
    words = "\n".join(WORDS) + "\n"
    folders = [
        (BertTokenizerFast, {"vocab.txt": words}, {}),
        (BertTokenizerFast, {"vocab.txt": words}, {"do_lower_case": False, "tokenize_chinese_chars": False}),
        (GPT2TokenizerFast, byte_level(target, ["<|endoftext|>"]), {}),
        (RobertaTokenizerFast, byte_level(target, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]), {}),
        (XLMRobertaTokenizerFast, {"sentencepiece.bpe.model": "unigram.model"}, {}),
        (T5TokenizerFast, {"spiece.model": "unigram.model"}, {}),
    ]
    golden = []
    for kind, files, config in folders:
        with tempfile.TemporaryDirectory() as scratch:
            for name, text in files.items():
                data = model.read_bytes() if name.endswith(".model") else text.encode()
                (pathlib.Path(scratch) / name).write_bytes(data)
            config = {"tokenizer_class": kind.__name__.removesuffix("Fast"), **config}
            (pathlib.Path(scratch) / "tokenizer_config.json").write_text(json.dumps(config))
            tokenizer = kind.from_pretrained(scratch)
            golden.append({"config": config, "files": files, "cases": list(cases(tokenizer))})
    text = json.dumps(golden, ensure_ascii=False, separators=(",", ":"))
    (target / "folders.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
