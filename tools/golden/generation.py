"""Writes tests/golden/generation/<case>.json: how small language models of transformers continue texts.

Usage: python tools/golden/generation.py [CASE..]        (needs torch, transformers)

Weights are filled as language_models.py fills them; tests/generation/generation_golden_test.cpp makes the same folder,
opens it as a user's and holds its own texts against these, token for token, and the probabilities of one token after
all that options do to them. Networks in float64, so that no choice depends on a processor; `margin` is the least
difference between a chosen score and the next one.
"""
import json
import pathlib
import sys

import torch
import transformers as t

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import language_models as lm  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "generation"
END = [7, 23]
PROMPTS = [[3, 9, 14, 9], [41], [5, 6, 5, 6, 5, 30, 12, 5, 6]]
GREEDY = [{}, {"repetition_penalty": 1.4}, {"no_repeat_ngram_size": 2}, {"min_new_tokens": 6},
          {"repetition_penalty": 0.7, "no_repeat_ngram_size": 3, "min_new_tokens": 3}]
BEAMS = [{"num_beams": 3}, {"num_beams": 4, "num_return_sequences": 3, "length_penalty": 2.0},
         {"num_beams": 3, "early_stopping": True, "length_penalty": 0.5},
         {"num_beams": 2, "early_stopping": "never", "length_penalty": 1.5},
         {"num_beams": 5, "num_return_sequences": 5, "no_repeat_ngram_size": 2, "repetition_penalty": 1.2,
          "min_new_tokens": 4, "length_penalty": 0.0}]
DRAWN = [{"temperature": 0.7}, {"temperature": 1.0, "top_k": 5}, {"temperature": 1.3, "top_p": 0.8},
         {"temperature": 1.0, "min_p": 0.3}, {"temperature": 0.8, "top_k": 20, "top_p": 0.9, "min_p": 0.05},
         {"temperature": 0.9, "repetition_penalty": 1.5, "no_repeat_ngram_size": 2, "min_new_tokens": 2, "top_k": 12}]
TOKENS = 12


def cases():
    kinds = lm.cases()
    wide = dict(lm.SIZES, hidden_size=64)
    tied = t.LlamaConfig(**wide, num_key_value_heads=1, max_position_embeddings=64, tie_word_embeddings=True)
    return {**{name: kinds[name] for name in ("gpt2", "gpt_neox", "llama", "qwen2")},
            "llama_tied": (t.LlamaForCausalLM, tied)}


def rounded(values, digits=9):
    return [float(f"{value:.{digits}g}") for value in values]


def continued(network, prompt, options):
    ids = torch.tensor([prompt])
    found = network.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=TOKENS, eos_token_id=END,
                             pad_token_id=0, return_dict_in_generate=True, output_scores=True, **options)
    texts = []
    for row in found.sequences.tolist():
        text = row[len(prompt):]
        ends = [i for i, token in enumerate(text) if token in END]
        texts.append(text[:ends[0] + 1] if ends else text)
    return texts, found


def greedy(network, prompt, options):
    texts, found = continued(network, prompt, {"do_sample": False, **options})
    best = [torch.topk(scores[0], 2).values for scores in found.scores]
    margin = min(float(pair[0] - pair[1]) for pair in best)
    return {"prompt": prompt, "options": options, "texts": texts, "margin": float(f"{margin:.3g}")}


def with_beams(network, prompt, options):
    texts, found = continued(network, prompt, {"do_sample": False, **options})
    return {"prompt": prompt, "options": options, "texts": texts, "scores": rounded(found.sequences_scores.tolist())}


def drawn(network, prompt, options):
    torch.manual_seed(0)
    _, found = continued(network, prompt, {"do_sample": True, "top_k": 0, **options})
    return {"prompt": prompt, "options": options,
            "probabilities": rounded(torch.softmax(found.scores[0][0].double(), -1).tolist())}


def make_golden(name, network_class, config):
    config._attn_implementation = "eager"
    network = network_class(config)
    tensors = {key: list(value.shape) for key, value in lm.fill(network).items()}
    network = network.double().eval()
    network.generation_config = t.GenerationConfig()
    saved = json.loads(config.to_json_string(use_diff=False))
    with torch.no_grad():
        return {
            "case": name,
            "reference": f"transformers {t.__version__}",
            "config": {key: saved[key] for key in lm.KEYS if saved.get(key) is not None},
            "tensors": tensors,
            "end": END,
            "tokens": TOKENS,
            "greedy": [greedy(network, prompt, options) for prompt in PROMPTS for options in GREEDY],
            "beams": [with_beams(network, prompt, options) for prompt in PROMPTS for options in BEAMS],
            "drawn": [drawn(network, prompt, options) for prompt in PROMPTS[::2] for options in DRAWN],
        }


def main():
    wanted = sys.argv[1:]
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (network_class, config) in cases().items():
        if wanted and name not in wanted:
            continue
        golden = make_golden(name, network_class, config)
        (FOLDER / f"{name}.json").write_text(lm.compact(golden) + "\n")
        lengths = [len(text) for case in golden["greedy"] for text in case["texts"]]
        print(name, "least margin", min(case["margin"] for case in golden["greedy"]), "lengths", sorted(set(lengths)))


if __name__ == "__main__":
    main()
