#!/usr/bin/env python3
"""Makes a table of categories of SQuAD's questions: text,label,group, the label being the article, the group its paragraph.

    python3 benchmarks/topics_of_questions.py xquad.en.json > questions.csv
    enxerto train questions.csv --recipe recipes/text-categories.toml --output MODEL

Questions of one paragraph are about one thing, often in the same words; so a split must not divide them.
"""
import csv
import json
import sys


def main():
    table = csv.writer(sys.stdout)
    table.writerow(["text", "label", "group"])
    with open(sys.argv[1], encoding="utf-8") as file:
        articles = json.load(file)["data"]
    for article in articles:
        for number, paragraph in enumerate(article["paragraphs"]):
            for question in paragraph["qas"]:
                table.writerow([question["question"], article["title"], f"{article['title']} {number}"])


if __name__ == "__main__":
    main()
