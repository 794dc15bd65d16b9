"""Write data/own/genome.zip: a small genome in Picbreeder's format, of our own making.

    python tools/data/breed_genome.py [SEED]

Drawn at random; number 13 of 600 was chosen by eye, as visitors of Picbreeder choose. Every genome
begins with a node that is even in x, so that most are alike left and right.
"""

import random
import sys
import zipfile
from pathlib import Path

from ensembles_lib._files import replacing

OUT = Path(__file__).resolve().parents[2] / "data" / "own" / "genome.zip"
CHOSEN = 13
BIAS, D, X, Y, HUE, SATURATION, BRIGHTNESS, EVEN = range(8)


def genome(seed):
    """Return nodes {number: (label, activation)} and links [(source, target, weight)]."""
    rng = random.Random(seed)
    nodes = {number: (label, "identity") for number, label in enumerate(("bias", "d", "x", "y"))}
    nodes[HUE] = "hue", rng.choice(["sin", "sigmoid", "gaussian"])
    nodes[SATURATION] = "saturation", "sigmoid"
    nodes[BRIGHTNESS] = "brightness", rng.choice(["gaussian", "sin"])
    nodes[EVEN] = None, "gaussian"
    links, sources = [(X, EVEN, round(rng.uniform(1, 3), 2))], [BIAS, D, Y, EVEN]
    for number in range(EVEN + 1, EVEN + 1 + rng.randint(3, 6)):
        nodes[number] = None, rng.choice(["gaussian", "sin", "cos", "sigmoid", "gaussian"])
        for source in rng.sample(sources, min(len(sources), rng.randint(2, 3))):
            links.append((source, number, round(rng.gauss(0, 2.0), 2)))
        sources.append(number)
    if rng.random() < 0.3:
        links.append((X, EVEN + 2, round(rng.uniform(-0.4, 0.4), 2)))
    for output in (HUE, SATURATION, BRIGHTNESS):
        for source in rng.sample(sources[3:], min(len(sources) - 3, rng.randint(2, 4))):
            links.append((source, output, round(rng.gauss(0, 1.3), 2)))
        links.append((BIAS, output, round(rng.gauss(0, 0.7), 2)))
    return nodes, links


def to_xml(nodes, links):
    """Return a genome as Picbreeder writes them."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<data version="1.0">', ' <genome age="1">']
    lines.append(f'  <nodes count="{len(nodes)}">')
    for number, (label, activation) in nodes.items():
        kind = "in" if number <= Y else "out" if label else "hidden"
        name = f' label="{label}"' if label else ""
        lines += [
            f'   <node{name} type="{kind}">',
            f'    <marking branch="1" id="{number}"/>',
            f"    <activation>{activation}(x)</activation>",
            "   </node>",
        ]
    lines += ["  </nodes>", f'  <links count="{len(links)}">']
    for number, (source, target, weight) in enumerate(links, len(nodes)):
        lines += [
            "   <link>",
            f'    <marking branch="1" id="{number}"/>',
            f'    <source branch="1" id="{source}"/>',
            f'    <target branch="1" id="{target}"/>',
            f"    <weight>{weight}</weight>",
            "   </link>",
        ]
    return "\n".join([*lines, "  </links>", " </genome>", "</data>", ""])


def main():
    """Write the genome of a seed."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else CHOSEN
    with replacing(OUT) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        # The time of an entry would make every file another.
        entry = zipfile.ZipInfo("genome.xml")
        archive.writestr(entry, to_xml(*genome(seed)), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
