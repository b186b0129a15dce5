#!/usr/bin/env python3
"""Types of one name in one namespace that two files define. Each file compiles, and the linker keeps one of two
destructors, or of two `std::vector<T>::push_back`, for both: memory is read behind what was allocated (C++20 [basic.def.odr]).
Usage: one_definition.py ROOT"""
import re
import sys
from collections import defaultdict
from pathlib import Path

UNNAMED = re.compile(r"^namespace \{\n.*?^\}  // namespace$", re.M | re.S)
SCOPE = re.compile(r"^namespace ([\w:]+) \{|^(?:struct|class|enum class|enum) (\w+)(?: final)?(?: :[^;{]*)? \{", re.M)


def main(root):
    places = defaultdict(set)
    for top in ("enxerto", "cli", "tests"):
        for path in sorted([*(root / top).rglob("*.h"), *(root / top).rglob("*.cpp")]):
            namespace = ""
            for opened, name in SCOPE.findall(UNNAMED.sub("", path.read_text())):
                namespace = opened or namespace
                if name:
                    places[f"{namespace}::{name}"].add(str(path.relative_to(root)))
    found = [f"{name}: {', '.join(sorted(files))}" for name, files in sorted(places.items()) if len(files) > 1]
    if found:
        sys.exit("one_definition: one type, two definitions; rename one, or put those of sources into unnamed namespaces:\n  "
                 + "\n  ".join(found))


main(Path(sys.argv[1]))
