#!/usr/bin/env python3
"""Two functions that a unity build (cmake/unity.cmake) could take for each other: of one name, with parameters that one
argument list fits, in the unnamed namespaces of two sources of a layer. Equal signatures do not compile; nearly equal ones,
`header(const char*)` and `header(const std::string&)`, do, and one source would call the other's.
Usage: unnamed_names.py ROOT"""
import re
import sys
from collections import defaultdict
from pathlib import Path

UNNAMED = re.compile(r"^namespace \{\n(.*?)^\}  // namespace$", re.M | re.S)
FUNCTION = re.compile(r"^(?!return|using|template|constexpr auto)[A-Za-z\[][\w:<>,&*\[\] ]*?[ &*](\w+)\(([^;{]*?)\)(?: noexcept)? \{", re.M)
ALIKE = [  # what converts into each other without a word
    (re.compile(r"std::string_view|std::string|char\*?"), "text"),
    (re.compile(r"std::u?int\d+_t|std::size_t|std::ptrdiff_t|\bint\b|\bdouble\b|\bfloat\b|\bbool\b|\bunsigned\b"), "number"),
]


def kinds(parameters):
    """The parameters' types, those that convert into each other as one word, without defaults and names."""
    plain = re.sub(r"/\*.*?\*/", "", parameters)
    depth, part, parts = 0, "", []
    for c in plain + ",":
        depth += (c in "<({") - (c in ">)}")
        if c == "," and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += c
    types = []
    for one in filter(None, parts):
        one = re.sub(r"\s*=.*", "", one)
        one = re.sub(r"(?<=[\s&*>])\w+$", "", one)
        one = re.sub(r"\bconst\b|&|\s+", "", one)
        for pattern, word in ALIKE:
            one = pattern.sub(word, one)
        types.append(one)
    return tuple(types)


def patterns(root):
    text = (root / "cmake/unity.cmake").read_text()
    listed = re.search(r"set\(ENXERTO_COMPILED_ALONE\n(.*?)\)\n", text, re.S).group(1)
    return [re.compile(one) for one in re.findall(r'"([^"]+)"', listed)]


def main(root):
    alone = patterns(root)
    layers = [d for top in ("enxerto", "tests") if (root / top).is_dir() for d in sorted((root / top).iterdir()) if d.is_dir()]
    layers += [root / "cli"]
    found = []
    for layer in layers:
        places = defaultdict(set)
        for source in sorted(layer.rglob("*.cpp")):
            shown = "/" + str(source.relative_to(root))
            if any(pattern.search(shown) for pattern in alone):
                continue
            target = source.parent.name if "/engine/" in shown else ""  # its modules are targets of their own
            for block in UNNAMED.findall(source.read_text()):
                for name, parameters in FUNCTION.findall(block):
                    places[target, name, kinds(parameters)].add(shown[1:])
        found += [f"{name}({', '.join(types)}): {', '.join(sorted(files))}"
                  for (_, name, types), files in sorted(places.items()) if len(files) > 1]
    if found:
        sys.exit("unnamed_names: one name in two sources of a layer; rename one:\n  " + "\n  ".join(found))


main(Path(sys.argv[1]))
