#!/usr/bin/env python3
"""Saves a tokenizer.json of each public layout, with a small vocabulary learned from FILEs: what tokenizers_of_texts.py is to be run on.

    python3 tools/parity/tokenizer_layouts.py OUT FILE ...     (needs tokenizers 0.22.2)

Pipelines are those that transformers' conversions write for the model that each is named after; only words and merges are others.
"""
import pathlib
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

GPT4_DIGITS = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN = GPT4_DIGITS.replace(r"\p{N}{1,3}", r"\p{N}")
WORDS = 3000


def word_piece(**options):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(**options)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer, trainers.WordPieceTrainer(vocab_size=WORDS, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])


def bert_ends(tokenizer, cls="[CLS]", sep="[SEP]"):
    ids = [(token, tokenizer.token_to_id(token)) for token in (cls, sep)]
    tokenizer.post_processor = processors.TemplateProcessing(f"{cls} $A {sep}", f"{cls} $A {sep} $B:1 {sep}:1", ids)


def byte_level(prefix_space, split=None, special=("<|endoftext|>",)):
    tokenizer = Tokenizer(models.BPE())
    level = pre_tokenizers.ByteLevel(add_prefix_space=prefix_space, use_regex=split is None)
    tokenizer.pre_tokenizer = level if split is None else pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(split), "isolated"), level])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=WORDS, special_tokens=list(special), initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    return tokenizer, trainer


def unigram(normalizer, special, unknown="<unk>"):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    return tokenizer, trainers.UnigramTrainer(vocab_size=WORDS, special_tokens=special, unk_token=unknown)


def make_all(files):
    made = {}

    def learn(name, pair, ends=None):
        tokenizer, trainer = pair
        tokenizer.train(files, trainer)
        if ends:
            ends(tokenizer)
        made[name] = tokenizer

    learn("bert-uncased", word_piece(lowercase=True), bert_ends)
    learn("bert-cased", word_piece(lowercase=False), bert_ends)
    learn("bert-multilingual-accents", word_piece(lowercase=True, strip_accents=False), bert_ends)
    learn("gpt2", byte_level(False), lambda t: setattr(t, "post_processor", processors.ByteLevel(trim_offsets=False)))
    learn("roberta", byte_level(False, special=("<s>", "<pad>", "</s>", "<unk>", "<mask>")),
          lambda t: setattr(t, "post_processor", processors.RobertaProcessing(
              ("</s>", t.token_to_id("</s>")), ("<s>", t.token_to_id("<s>")), trim_offsets=True, add_prefix_space=False)))
    learn("llama3", byte_level(False, GPT4_DIGITS, ("<|begin_of_text|>", "<|end_of_text|>")),
          lambda t: setattr(t, "post_processor", processors.Sequence([processors.ByteLevel(trim_offsets=False), processors.TemplateProcessing(
              "<|begin_of_text|> $A", "<|begin_of_text|> $A <|begin_of_text|>:1 $B:1", [("<|begin_of_text|>", 0)])])))
    qwen, trainer = byte_level(False, QWEN, ("<|endoftext|>", "<|im_start|>", "<|im_end|>"))
    qwen.normalizer = normalizers.NFC()
    learn("qwen2", (qwen, trainer), lambda t: setattr(t, "post_processor", processors.ByteLevel(trim_offsets=False)))
    learn("bloom", byte_level(False, r" ?[^(\s|[.,!?…。，、।۔،])]+", ("<unk>", "<s>", "</s>", "<pad>")))
    nmt = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    learn("xlm-roberta", unigram(nmt, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]), lambda t: bert_ends(t, "<s>", "</s>"))
    learn("t5", unigram(nmt, ["<pad>", "</s>", "<unk>"]), lambda t: setattr(t, "post_processor", processors.TemplateProcessing(
        "$A </s>", "$A </s> $B </s>", [("</s>", t.token_to_id("</s>"))])))
    albert = normalizers.Sequence([normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD(),
                                   normalizers.StripAccents(), normalizers.Lowercase()])
    learn("albert", unigram(albert, ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]), bert_ends)
    clip = Tokenizer(models.BPE(unk_token="<|endoftext|>", end_of_word_suffix="</w>"))
    clip.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    clip.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), "removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    clip.decoder = decoders.ByteLevel()
    learn("clip", (clip, trainers.BpeTrainer(vocab_size=WORDS, special_tokens=["<|startoftext|>", "<|endoftext|>"], end_of_word_suffix="</w>",
                                             initial_alphabet=pre_tokenizers.ByteLevel.alphabet())),
          lambda t: setattr(t, "post_processor", processors.RobertaProcessing(
              ("<|endoftext|>", 1), ("<|startoftext|>", 0), trim_offsets=False, add_prefix_space=False)))
    llama = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    llama.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    llama.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    bytes_of_all = [AddedToken(f"<0x{byte:02X}>", special=False, normalized=False) for byte in range(256)]
    learn("llama2", (llama, trainers.BpeTrainer(vocab_size=WORDS, special_tokens=["<unk>", "<s>", "</s>"] + bytes_of_all)),
          lambda t: setattr(t, "post_processor", processors.TemplateProcessing("<s> $A", "<s> $A <s>:1 $B:1", [("<s>", 1)])))
    return made


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for name, tokenizer in make_all(sys.argv[2:]).items():
        tokenizer.save(str(out / f"{name}.json"))
        print(out / f"{name}.json", tokenizer.get_vocab_size())


if __name__ == "__main__":
    main()
