"""Holds `enxerto generate` against transformers on a real network: texts token for token, probabilities, chat templates.

Usage: python tools/parity/generation.py ENXERTO FOLDER      (needs torch, transformers; see tools/parity/torch.txt)

FOLDER is a language model with its tokenizer, such as SmolLM2. Prints a table: prompts whose tokens are all equal, greedily,
with penalties and with beams, of both scores of beams the largest difference; where a text differs, how far apart the two
best scores were at that token. Then conversations filled into the folder's template and into templates that are common.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import torch
import transformers as t

PROMPTS = ["The capital of France is", "Once upon a time, there was a", "def fibonacci(n):\n", "A receita de pão é",
           "1, 2, 3, 4,", "ROMEO:\n"]
RUNS = {
    "greedy": ({}, []),
    "repetition penalty 1.3": ({"repetition_penalty": 1.3}, ["--repetition-penalty", "1.3"]),
    "no repeated 3-grams, 20 tokens at least": ({"no_repeat_ngram_size": 3, "min_new_tokens": 20},
                                               ["--no-repeat-ngram", "3", "--min-new-tokens", "20"]),
    "4 beams": ({"num_beams": 4}, ["--beams", "4"]),
    "3 beams, length penalty 2, as soon": ({"num_beams": 3, "length_penalty": 2.0, "early_stopping": True},
                                          ["--beams", "3", "--length-penalty", "2", "--early-stopping", "as-soon"]),
}
TOKENS = 40
CONVERSATIONS = [
    [{"role": "user", "content": "Hi <there> & \"you\""}],
    [{"role": "system", "content": "Be brief."}, {"role": "user", "content": " What?\n"},
     {"role": "assistant", "content": "This. "}, {"role": "user", "content": "Olá €"}],
]
TEMPLATES = {
    "Llama 3": "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>'"
               " + message['role'] + '<|end_header_id|>\n\n' + message['content'] | trim + '<|eot_id|>' %}"
               "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
               "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}",
    "Qwen 2": "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
              "{{ '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' }}{% endif %}"
              "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
              "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "Mistral": "{%- if messages[0]['role'] == 'system' %}\n    {%- set system = messages[0]['content'] %}\n"
               "    {%- set rest = messages[1:] %}\n{%- else %}\n    {%- set rest = messages %}\n{%- endif %}\n"
               "{{- bos_token }}\n{%- for message in rest %}\n"
               "    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}\n"
               "        {{- raise_exception('roles must alternate') }}\n    {%- endif %}\n"
               "    {%- if message['role'] == 'user' %}\n"
               "        {%- if loop.last and system is defined %}\n"
               "            {{- '[INST] ' + system + '\n\n' + message['content'] + '[/INST]' }}\n"
               "        {%- else %}\n            {{- '[INST] ' + message['content'] + '[/INST]' }}\n        {%- endif %}\n"
               "    {%- else %}\n        {{- ' ' + message['content'].strip() + eos_token }}\n    {%- endif %}\n"
               "{%- endfor %}\n",
    "lists and JSON": "{% set ns = namespace(out='') %}{% for m in messages %}{% if m.role == 'system' %}{% continue %}"
                      "{% endif %}{% set ns.out = ns.out ~ m.content.upper().split()[0] ~ '|' %}{% endfor %}{{ ns.out }}"
                      "{{ messages[0].content | tojson }}{{ {'a': [1, 2.5, none, true]} | tojson }}"
                      "{% for k, v in messages[0].items() if k == 'role' %}{{ k }}={{ v }};{% endfor %}"
                      "{{ messages | length }}{{ messages[-1]['content'][:2] }}",
}


def ours(program, folder, prompts, options):
    lines = "\n".join(json.dumps({"prompt": prompt}) for prompt in prompts)
    found = subprocess.run([program, "generate", folder, "--prompts", "-", "-n", str(TOKENS), "--json", *options],
                           input=lines, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        sys.exit(found.stderr)
    return json.loads(found.stdout)["prompts"]


def until_end(text, ends):
    for i, token in enumerate(text):
        if token in ends:
            return text[:i + 1]
    return text


def compare(program, folder, model, tokenizer, name):
    theirs, options = RUNS[name]
    ends = model.generation_config.eos_token_id
    ends = ends if isinstance(ends, list) else [ends]
    equal, difference, apart = 0, 0.0, []
    for prompt, row in zip(PROMPTS, ours(program, folder, PROMPTS, options)):
        ids = torch.tensor([tokenizer(prompt).input_ids])
        with torch.no_grad():
            found = model.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=TOKENS,
                                   return_dict_in_generate=True, output_scores=True, pad_token_id=0, **theirs)
        text = until_end(found.sequences[0, ids.shape[1]:].tolist(), ends)
        mine = row["texts"][0]["ids"]
        if "num_beams" in theirs:
            difference = max(difference, abs(float(found.sequences_scores[0]) - row["texts"][0]["score"]))
        if mine == text:
            equal += 1
        elif "num_beams" not in theirs:
            at = next((i for i, pair in enumerate(zip(mine, text)) if pair[0] != pair[1]), min(len(mine), len(text)) - 1)
            best = torch.topk(found.scores[at][0], 2).values
            apart.append(f"{float(best[0] - best[1]):.1e}")
    shown = f"{difference:.1e}" if "num_beams" in theirs else ""
    print(f"| {name} | {equal} of {len(PROMPTS)} | {shown} | {', '.join(apart)} |")
    return equal == len(PROMPTS)


def chat(program, folder, tokenizer):
    good = 0
    templates = {"its own": tokenizer.chat_template, **TEMPLATES}
    with tempfile.TemporaryDirectory() as work:
        file = pathlib.Path(work) / "template.jinja"
        for name, template in templates.items():
            if template is None:
                continue
            file.write_text(template)
            lines = "\n".join(json.dumps({"messages": messages}) for messages in CONVERSATIONS)
            found = subprocess.run([program, "generate", folder, "--prompts", "-", "--chat", "--chat-template", str(file),
                                    "-n", "1", "--json"], input=lines, capture_output=True, text=True, check=False)
            if found.returncode != 0:
                print(f"| {name} | fails: {found.stderr.strip()} |")
                continue
            same = [row["prompt"] == tokenizer.apply_chat_template(messages, chat_template=template, tokenize=False,
                                                                   add_generation_prompt=True)
                    for messages, row in zip(CONVERSATIONS, json.loads(found.stdout)["prompts"])]
            print(f"| {name} | {sum(same)} of {len(same)} |")
            good += all(same)
    return good == len(templates)


def main():
    program, folder = sys.argv[1:3]
    torch.set_num_threads(2)
    model = t.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = t.PreTrainedTokenizerFast(tokenizer_file=folder + "/tokenizer.json")
    config = json.loads((pathlib.Path(folder) / "tokenizer_config.json").read_text())
    tokenizer.chat_template = config.get("chat_template")
    tokenizer.bos_token, tokenizer.eos_token = config.get("bos_token"), config.get("eos_token")
    print("| how | equal texts | scores of beams | where a text differs, both best scores are apart by |\n|---|---|---|---|")
    good = [compare(program, folder, model, tokenizer, name) for name in RUNS]
    print("\n| template | equal conversations |\n|---|---|")
    good.append(chat(program, folder, tokenizer))
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
