"""Holds translations of MarianMT against transformers, random weights as `save_pretrained` leaves them, token for token.

Usage: python tools/parity/translation.py ENXERTO [FOLDER]      (needs torch, transformers, sentencepiece)

Networks of several sizes with the vocabulary of tests/golden/translation; FOLDER is a real one (opus-mt), translated as well.
Prints how many translations are equal and the largest difference of the scores of beams.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import torch
import transformers as t

GOLDEN = pathlib.Path(__file__).parents[2] / "tests/golden/translation"
TEXTS = ["a man in a blue shirt is standing on a ladder", "two men", "", "girls climbing into a wooden playhouse — 漢字",
         ">>pt<< the other man", "several men in hard hats are operating a giant pulley system"]
RUNS = {"greedy": {"num_beams": 1}, "5 beams": {"num_beams": 5}, "4 beams, length penalty 0.6": {"num_beams": 4, "length_penalty": 0.6}}
SIZES = {"6 + 6 layers of 256": (256, 6, 6, 8, "swish", False), "3 + 1 layers of 64, saved as .bin, relu": (64, 3, 1, 4, "relu", True),
         "1 + 4 layers of 128": (128, 1, 4, 2, "gelu", False)}
TOKENS = 40


def random_folder(folder, width, encoder, decoder, heads, activation, as_bin):
    words = len(json.loads((GOLDEN / "vocab.json").read_text()))
    config = t.MarianConfig(vocab_size=words, d_model=width, encoder_layers=encoder, decoder_layers=decoder,
                            encoder_attention_heads=heads, decoder_attention_heads=heads, encoder_ffn_dim=2 * width,
                            decoder_ffn_dim=3 * width, max_position_embeddings=512, pad_token_id=words - 1, eos_token_id=0,
                            decoder_start_token_id=words - 1, activation_function=activation, scale_embedding=True, init_std=0.12)
    model = t.MarianMTModel(config).eval()
    model.final_logits_bias.normal_()
    model.generation_config = t.GenerationConfig(decoder_start_token_id=words - 1, eos_token_id=0, pad_token_id=words - 1,
                                                 bad_words_ids=[[words - 1]], forced_eos_token_id=0)
    model.save_pretrained(folder)
    if as_bin:
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()
    for name in ("source.spm", "target.spm", "vocab.json"):
        shutil.copy(GOLDEN / name, folder / name)


def compare(program, folder, name):
    model = t.MarianMTModel.from_pretrained(folder).double().eval()
    tokenizer = t.MarianTokenizer.from_pretrained(folder)
    good = True
    for run, options in RUNS.items():
        command = [program, "predict", str(folder), "-", "--json", "--max-new-tokens", str(TOKENS), "--beams", str(options["num_beams"])]
        if "length_penalty" in options:
            command += ["--length-penalty", str(options["length_penalty"])]
        found = subprocess.run(command, input="\n".join(TEXTS) + "\n", capture_output=True, text=True, check=False)
        if found.returncode != 0:
            sys.exit(found.stderr)
        equal, difference = 0, 0.0
        texts = [(text, row) for text, row in zip(TEXTS, json.loads(found.stdout)["translations"]) if text]
        for text, row in texts:
            with torch.no_grad():
                theirs = model.generate(**tokenizer(text, return_tensors="pt"), max_new_tokens=TOKENS, do_sample=False,
                                        return_dict_in_generate=True, output_scores=True, **options)
            special = (0, model.config.pad_token_id)
            ids = [i for i in theirs.sequences[0].tolist()[1:] if i not in special]
            equal += row["ids"] == ids and row["text"] == tokenizer.decode(ids, skip_special_tokens=True)
            if options["num_beams"] > 1:
                difference = max(difference, abs(float(theirs.sequences_scores[0]) - row["score"]))
        good = good and equal == len(texts) and difference <= 1e-4
        print(f"| {name} | {run} | {equal} of {len(texts)} | {difference:.1e} |", flush=True)
    return good


def main(program, real):
    torch.manual_seed(3)
    torch.set_num_threads(2)
    print("| network | search | equal | scores of beams |\n|---|---|---|---|")
    good = []
    for name, sizes in SIZES.items():
        with tempfile.TemporaryDirectory() as work:
            random_folder(pathlib.Path(work), *sizes)
            good.append(compare(program, pathlib.Path(work), name))
    if real:
        good.append(compare(program, pathlib.Path(real), pathlib.Path(real).name))
    return 0 if all(good) else 1


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""))
