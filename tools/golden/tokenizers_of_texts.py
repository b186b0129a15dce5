#!/usr/bin/env python3
"""What the library tokenizers 0.22.2 makes of odd texts, in four layouts of tokenizer.json: tests/golden/text/*.json.

    python3 tools/golden/tokenizers_of_texts.py [TARGET]

Needs a Python with tokenizers==0.22.2.
"""
import json
import pathlib
import sys

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

TEXTS = [["The films were goodly."], ["olá, o FILME foi ÓTIMO"], ["a 😀 b\u200d c"], ["[MASK] film [SEP]"],
         ["  the\tfilm\r\n  was "], ["the film", "was good"], ["the film was good", "bad"], ["中文 film 福\u32ff"],
         ["\u017fs e\u0301 \ufeff \u180e"], [""], ["the was the was good"]]
CUTS = [(0, 0, "longest_first", False, True), (8, 1, "longest_first", True, True)]


def wordpiece():
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "film", "##s", "were", "was", "good", "##ly", ".", ",",
              "bad", "o", "ola", "a", "b", "c", "x", "##x", "中", "文", "otimo", "e", "foi", "filme", "s"]
    tokenizer = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    tokenizer.add_special_tokens(pieces[:5])
    return tokenizer


def byte_level():
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = {piece: i for i, piece in enumerate(["<s>", "<pad>", "</s>", "<unk>"] + alphabet)}
    merges = [("t", "h"), ("th", "e"), ("Ġ", "the"), ("f", "i"), ("l", "m"), ("fi", "lm"), ("Ġ", "film"), ("g", "o")]
    for left, right in merges:
        vocab.setdefault(left + right, len(vocab))
    tokenizer = Tokenizer(models.BPE(vocab, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True,
                                                           add_prefix_space=False)
    tokenizer.add_special_tokens(["<s>", "</s>"])
    tokenizer.add_special_tokens([AddedToken("[MASK]", lstrip=True)])
    return tokenizer


def unigram():
    pieces = [("<s>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0), ("▁the", -2.0), ("▁film", -2.5), ("s", -4.0),
              ("▁was", -3.0), ("▁good", -3.5), ("t", -5.0), ("h", -5.0), ("e", -5.0), ("▁o", -4.0), ("lá", -5.5), (".", -4.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(" {2,}", " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 1)])
    tokenizer.add_special_tokens(["<s>", "</s>", "<unk>"])
    return tokenizer


def word_level():
    words = ["?", "the", "film", "was", "good", "FILME", ".", ",", "a", "b"]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def window(encoding):
    return {"ids": encoding.ids, "types": encoding.type_ids, "mask": encoding.attention_mask,
            "special": encoding.special_tokens_mask,
            "sequences": [-1 if i is None else i for i in encoding.sequence_ids],
            "offsets": [list(pair) for pair in encoding.offsets], "pieces": encoding.tokens}


def cases(tokenizer):
    for texts in TEXTS:
        for max_length, stride, strategy, left, template in CUTS:
            if max_length:
                tokenizer.enable_truncation(max_length, stride=stride, strategy=strategy,
                                            direction="left" if left else "right")
            else:
                tokenizer.no_truncation()
            encoding = tokenizer.encode(*texts, add_special_tokens=template)
            yield {"texts": texts, "max_length": max_length, "stride": stride, "strategy": strategy, "left": left,
                   "template": template, "windows": [window(one) for one in [encoding, *encoding.overflowing]],
                   "decoded": tokenizer.decode(encoding.ids),
                   "decoded_whole": tokenizer.decode(encoding.ids, skip_special_tokens=False)}
    tokenizer.no_truncation()


def main():
    target = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "tests/golden/text")
    target.mkdir(parents=True, exist_ok=True)
    for layout in (wordpiece, byte_level, unigram, word_level):
        tokenizer = layout()
        known = list(cases(tokenizer))
        golden = {"tokenizer": json.loads(tokenizer.to_str()), "pieces": tokenizer.get_vocab_size(), "cases": known}
        text = json.dumps(golden, ensure_ascii=False, separators=(",", ":"))
        (target / f"{layout.__name__}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
