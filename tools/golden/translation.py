"""Writes tests/golden/translation/: small networks of transformers' MarianMT and T5, and what they translate to.

Usage: python tools/golden/translation.py        (needs torch, transformers, sentencepiece)

source.spm, target.spm and vocab.json are made from a few sentences; weights are filled as language_models.py fills them
(a network in float64, so that no choice depends on a processor). Each <case>.json has its config.json, its tensors, the
scores of a few words in teacher forcing, texts with what `generate` makes of them, greedily and with beams, and, of
MarianMT, the losses of a few steps of training.
"""
import io
import json
import pathlib
import sys
import tempfile

import sentencepiece
import torch
import transformers as t

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import language_models as lm  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/translation"
ENGLISH = ["a man in a blue shirt is standing on a ladder", "two young white males are outside near many bushes",
           "several men in hard hats are operating a giant pulley system", "a little girl climbing into a wooden playhouse",
           "two men are at the stove preparing food", "a man in green holds a guitar while the other man observes his shirt"]
PORTUGUESE = ["um homem de camisa azul está em pé em uma escada", "dois jovens brancos estão lá fora perto de muitos arbustos",
              "vários homens de capacete operam um sistema de polias gigante", "uma menina sobe em uma casa de madeira",
              "dois homens estão no fogão preparando comida", "um homem de verde segura um violão enquanto o outro observa"]
TEXTS = ["a man in a blue shirt", "two men are at the stove preparing food", "girls", ">>pt<< a giant", "um café — 漢字",
         "  many   bushes  "]
OPTIONS = [{}, {"num_beams": 5}, {"num_beams": 3, "length_penalty": 0.6}, {"num_beams": 2, "length_penalty": 2.0},
           {"no_repeat_ngram_size": 2}]
PIECES, TOKENS = 90, 14


def vocabulary():
    models = []
    for name, texts in (("source", ENGLISH), ("target", PORTUGUESE)):
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts), model_writer=model, vocab_size=PIECES, model_type="unigram",
            normalization_rule_name="identity", hard_vocab_limit=False, num_threads=1, minloglevel=2)
        (FOLDER / f"{name}.spm").write_bytes(model.getvalue())
        processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
        models.append([processor.id_to_piece(i) for i in range(processor.get_piece_size())])
    pieces = ["</s>", "<unk>", *sorted({piece for model in models for piece in model} - {"</s>", "<unk>", "<s>"}), ">>pt<<", "<pad>"]
    (FOLDER / "vocab.json").write_text(json.dumps({piece: i for i, piece in enumerate(pieces)}, ensure_ascii=False, indent=0))
    return pieces


def cases(words):
    sizes = dict(vocab_size=words, d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
                 decoder_attention_heads=4, encoder_ffn_dim=48, decoder_ffn_dim=40, max_position_embeddings=64,
                 pad_token_id=words - 1, eos_token_id=0, bos_token_id=None, decoder_start_token_id=words - 1,
                 forced_eos_token_id=0, activation_function="swish", scale_embedding=True, dropout=0.0,
                 attn_implementation="eager")
    return {"marian": t.MarianConfig(**sizes),
            "marian_uneven": t.MarianConfig(**{**sizes, "encoder_layers": 1, "decoder_layers": 3, "scale_embedding": False,
                                               "decoder_attention_heads": 2, "activation_function": "relu"})}


def t5_tokenizer():
    """spiece.model with the padding, the end and the unknown piece where T5 has them."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(ENGLISH + PORTUGUESE), model_writer=model, vocab_size=PIECES, model_type="unigram",
        normalization_rule_name="identity", hard_vocab_limit=False, num_threads=1, minloglevel=2, pad_id=0, eos_id=1, unk_id=2,
        bos_id=-1)
    (FOLDER / "spiece.model").write_bytes(model.getvalue())
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "spiece.model").write_bytes(model.getvalue())
        said = {"tokenizer_class": "T5Tokenizer", "extra_ids": 0, "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
        (pathlib.Path(folder) / "tokenizer_config.json").write_text(json.dumps(said))
        (pathlib.Path(folder) / "config.json").write_text(json.dumps({"model_type": "t5"}))
        return t.AutoTokenizer.from_pretrained(folder)


def t5_cases(words):
    """Tables have eight words more than there are pieces, as published ones have."""
    sizes = dict(vocab_size=words + 8, d_model=32, d_kv=8, d_ff=48, num_layers=2, num_decoder_layers=2, num_heads=4,
                 dropout_rate=0.0, relative_attention_num_buckets=8, relative_attention_max_distance=10, decoder_start_token_id=0,
                 attn_implementation="eager")
    return {"t5": t.T5Config(**sizes),
            "t5_gated": t.T5Config(**{**sizes, "num_heads": 3, "num_layers": 3, "num_decoder_layers": 2, "feed_forward_proj": "gated-gelu",
                                      "relative_attention_num_buckets": 32, "relative_attention_max_distance": 128,
                                      "tie_word_embeddings": False})}


def make_t5_golden(config, tokenizer):
    network = t.T5ForConditionalGeneration(config)
    tied = config.scale_decoder_outputs
    if not tied:
        network.lm_head.weight = torch.nn.Parameter(torch.zeros_like(network.shared.weight))
    again = {"encoder.embed_tokens.weight", "decoder.embed_tokens.weight"} | ({"lm_head.weight"} if tied else set())
    tensors = {key: list(value.shape) for key, value in lm.fill(network).items() if key not in again}
    for side in (network.encoder, network.decoder):
        side.embed_tokens = network.shared
    if tied:
        network.lm_head.weight = network.shared.weight
    network = network.double().eval()
    network.generation_config = t.GenerationConfig(decoder_start_token_id=0, eos_token_id=1, pad_token_id=0)
    rows = []
    with torch.no_grad():
        for text in TEXTS:
            for options in OPTIONS:
                found = network.generate(**tokenizer(text, return_tensors="pt"), max_new_tokens=TOKENS, do_sample=False, return_dict_in_generate=True, output_scores=True, **options)
                ids = found.sequences[0].tolist()[1:]
                ids = ids[: ids.index(1)] if 1 in ids else ids
                said = tokenizer.decode([i for i in ids if i < len(tokenizer)], skip_special_tokens=True).strip()
                row = {"text": text, "options": options, "ids": ids, "said": said}
                if options.get("num_beams"):
                    row["score"] = float(found.sequences_scores[0])
                rows.append(row)
        inputs = tokenizer(TEXTS[:2], return_tensors="pt", padding=True)
        target = torch.tensor([[0, 5, 9, 4], [0, 20, 7, 33]])
        logits = network(**inputs, decoder_input_ids=target).logits
    keys = ("vocab_size", "d_model", "d_kv", "d_ff", "num_layers", "num_decoder_layers", "num_heads", "feed_forward_proj",
            "relative_attention_num_buckets", "relative_attention_max_distance", "layer_norm_epsilon", "decoder_start_token_id",
            "pad_token_id", "eos_token_id")
    saved = {"model_type": "t5", "tie_word_embeddings": tied, **{key: getattr(config, key) for key in keys}}
    return {"config": saved, "tensors": tensors, "tokens": TOKENS, "input_ids": inputs["input_ids"].tolist(),
            "attention_mask": inputs["attention_mask"].tolist(), "decoder_input_ids": target.tolist(), "logits": [[float(f"{v:.7g}") for v in row] for row in logits.flatten(0, 1).tolist()],
            "translations": rows, "reference": f"transformers {t.__version__}"}


def training(config, words):
    """Losses of 20 steps of SGD on one batch, of all weights but the bias of the scores, with PyTorch's label smoothing.

    The vector that begins a translation, that of the padding, learns like all others: without `padding_idx`, by which
    transformers keeps the gradient of its lookups from it.
    """
    tokenizer = t.MarianTokenizer(str(FOLDER / "source.spm"), str(FOLDER / "target.spm"), str(FOLDER / "vocab.json"))
    inputs = tokenizer(ENGLISH[:4], text_target=PORTUGUESE[:4], return_tensors="pt", padding=True)
    labels = inputs["labels"].masked_fill(inputs["labels"] == words - 1, -100)
    shifted = t.models.marian.modeling_marian.shift_tokens_right(labels, words - 1, words - 1)
    losses = {}
    for smoothing in (0.0, 0.1):
        network = t.MarianMTModel(config)
        positions = {key: value.clone() for key, value in network.state_dict().items() if "embed_positions" in key}
        lm.fill(network)
        network.load_state_dict(positions, strict=False)
        network = network.double().train()  # the configuration has no dropout
        for module in network.modules():
            if isinstance(module, torch.nn.Embedding):
                module.padding_idx = None
        optimizer = torch.optim.SGD([value for value in network.parameters() if value.requires_grad], lr=0.02)
        losses[str(smoothing)] = []
        for _ in range(20):
            logits = network(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], decoder_input_ids=shifted).logits
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100,
                                                     label_smoothing=smoothing)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses[str(smoothing)].append(float(f"{loss.item():.9g}"))
    return {"input_ids": inputs["input_ids"].tolist(), "attention_mask": inputs["attention_mask"].tolist(),
            "decoder_input_ids": shifted.tolist(), "labels": labels.masked_fill(labels < 0, -1).tolist(), "losses": losses}


def make_golden(config, words):
    network = t.MarianMTModel(config)
    positions = {key: value.clone() for key, value in network.state_dict().items() if "embed_positions" in key}
    tensors = {key: list(value.shape) for key, value in lm.fill(network).items() if key not in positions}
    network.load_state_dict(positions, strict=False)
    network = network.double().eval()
    network.generation_config = t.GenerationConfig(decoder_start_token_id=words - 1, eos_token_id=0, pad_token_id=words - 1,
                                                   bad_words_ids=[[words - 1]], forced_eos_token_id=0)
    tokenizer = t.MarianTokenizer(str(FOLDER / "source.spm"), str(FOLDER / "target.spm"), str(FOLDER / "vocab.json"))
    rows = []
    with torch.no_grad():
        for text in TEXTS:
            inputs = tokenizer(text, return_tensors="pt")
            for options in OPTIONS:
                found = network.generate(**inputs, max_new_tokens=TOKENS, do_sample=False, return_dict_in_generate=True,
                                         output_scores=True, **options)
                ids = [int(i) for i in found.sequences[0].tolist()[1:] if i not in (0, words - 1)]
                row = {"text": text, "options": options, "ids": ids, "said": tokenizer.decode(ids, skip_special_tokens=True)}
                if options.get("num_beams"):
                    row["score"] = float(found.sequences_scores[0])
                rows.append(row)
        inputs = tokenizer(TEXTS[:2], return_tensors="pt", padding=True)
        target = torch.tensor([[words - 1, 5, 9, 0], [words - 1, 20, 7, 33]])
        logits = network(**inputs, decoder_input_ids=target).logits
    saved = json.loads(config.to_json_string(use_diff=False))
    keys = ["model_type", "tie_word_embeddings", "share_encoder_decoder_embeddings", "max_position_embeddings", "vocab_size",
            *[key for key in saved if key.startswith(("encoder_", "decoder_", "d_model", "activation", "scale_", "pad_", "eos_"))]]
    return {"config": {key: saved[key] for key in keys if saved.get(key) is not None}, "tensors": tensors,
            "tokens": TOKENS, "input_ids": inputs["input_ids"].tolist(), "attention_mask": inputs["attention_mask"].tolist(),
            "decoder_input_ids": target.tolist(), "logits": [[float(f"{v:.7g}") for v in row] for row in logits.flatten(0, 1).tolist()],
            "translations": rows, "training": training(config, words), "reference": f"transformers {t.__version__}"}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    words = len(vocabulary())
    for name, config in cases(words).items():
        golden = make_golden(config, words)
        (FOLDER / f"{name}.json").write_text(lm.compact(golden) + "\n")
        print(name, sorted({len(row["ids"]) for row in golden["translations"]}))
    tokenizer = t5_tokenizer()
    for name, config in t5_cases(len(tokenizer)).items():
        golden = make_t5_golden(config, tokenizer)
        (FOLDER / f"{name}.json").write_text(lm.compact(golden) + "\n")
        print(name, sorted({len(row["ids"]) for row in golden["translations"]}))


if __name__ == "__main__":
    main()
