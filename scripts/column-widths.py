#!/usr/bin/env python3
"""Writes Sources/Terminal/ColumnWidthTable.swift: which Unicode scalars take no column and which take two.

    pip install wcwidth && scripts/column-widths.py > Sources/Terminal/ColumnWidthTable.swift

The package wcwidth carries the width properties of the Unicode Character Database (East_Asian_Width, Emoji_Presentation,
general categories Mn, Me, Mc, Cf, Hangul_Syllable_Type V and T) in a newer version than Python's own unicodedata.
With --check the figures are compared with unicodedata, and every class of difference is printed for a human to judge.
"""
import sys
import unicodedata
from collections import Counter

import wcwidth

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def width(scalar):
    """0, 1 or 2. A control character counts 1 (it is drawn as a dot), a soft hyphen 0 (it is never drawn)."""
    if scalar == 0xAD:
        return 0
    if scalar == 0:
        return 1
    return abs(wcwidth.wcwidth(chr(scalar)))


def ranges(scalars):
    result = []
    for scalar in scalars:
        if result and result[-1][1] == scalar - 1:
            result[-1][1] = scalar
        else:
            result.append([scalar, scalar])
    return result


def table(name, comment, scalars):
    print(f"    /// {comment}")
    print(f"    static let {name}: [ScalarRange] = [")
    cells = [f"(0x{first:04X}, 0x{last:04X})" for first, last in ranges(scalars)]
    for start in range(0, len(cells), 5):
        print("        " + ", ".join(cells[start:start + 5]) + ",")
    print("    ]")


def check():
    differences = Counter()
    for scalar in SCALARS:
        category = unicodedata.category(chr(scalar))
        if category in ("Cn", "Co"):
            continue
        plain = 0 if category in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(chr(scalar)) in "WF" else 1
        if plain != width(scalar):
            differences[category, plain, width(scalar)] += 1
    print(f"unicodedata {unicodedata.unidata_version} against wcwidth {wcwidth.list_versions()[-1]}")
    for (category, plain, ours), count in sorted(differences.items()):
        print(f"{count:5} scalars of category {category}: {plain} by category and East_Asian_Width, {ours} here")


if "--check" in sys.argv:
    check()
    sys.exit()

version = wcwidth.list_versions()[-1]
print(f"// Made by scripts/column-widths.py from Unicode {version} (wcwidth {wcwidth.__version__}). Do not edit.")
print()
print("/// Sorted, disjoint ranges of Unicode scalars, both ends included.")
print("enum ColumnWidthTable {")
print("    typealias ScalarRange = (first: UInt32, last: UInt32)")
print()
print(f'    static let unicodeVersion = "{version}"')
print()
table("zero", "Scalars that take no column of their own: marks, joiners, format characters, Hangul vowels and finals.",
      [c for c in SCALARS if width(c) == 0])
print()
table("wide", "Scalars that take two columns: East Asian wide and fullwidth, emoji presentation.",
      [c for c in SCALARS if width(c) == 2])
print("}")
