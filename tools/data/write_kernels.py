"""Write the kernel of `ensembles_lib/widgets/kernels.js`: WebAssembly, assembled by WABT.

python tools/data/write_kernels.py

One neuron over a whole plane of points: the weighted sum of the planes that it hears, and its
tanh. Written by code since four vectors of four points go through it side by side: while one waits
for a product the others use the processor, and what all need is loaded once. Whatever is added to
a product comes after it and from a local variable: kernels.js counts on that where it puts
multiply-adds in one step (relaxed SIMD) in place of two.

kernels.js lays out the memory: from byte 0 the eleven numbers of tanh, f32, in the order in which
they are used; then for each synapse the address of its source's plane, i32, and its weight, f32;
then planes of f32, one number a point, a whole number of blocks of 64 bytes long.
"""

import base64
import shutil
import subprocess
import tempfile
import textwrap
from pathlib import Path

VECTORS = range(4)  # of four points each: a block of 64 bytes
CLIP, ABOVE, BELOW = 0, range(1, 6), range(6, 11)  # which of the numbers of tanh
HEAD = """\
(module
  (memory (import "" "memory") 1)
  (func (export "neuron")
    (param $first i32) (param $stop i32)   ;; entries of its synapses: from, up to
    (param $out i32) (param $size i32)     ;; address of its plane, and bytes up to where to go
    (param $tanh i32)                      ;; 0: the sum alone
    (param $at i32)                        ;; where to begin, in bytes from the plane's address
    (local $entry i32) (local $from i32) (local $weight v128) (local $number v128)
"""
NEXT_SYNAPSE = """\
(br_if $synapse (i32.lt_u
  (local.tee $entry (i32.add (local.get $entry) (i32.const 8))) (local.get $stop))))"""
NEXT_BLOCK = """\
(br_if $block (i32.lt_u
  (local.tee $at (i32.add (local.get $at) (i32.const 64))) (local.get $size))))))"""


def text():
    """Return the kernel in WebAssembly's text format."""

    def add_product(a, b, to):
        return f"(f32x4.add (f32x4.mul {a} {b}) {to})"

    def polynomial(name, numbers):
        yield f"(local.set $number {_number(numbers[0])})"
        yield from (_set(name, v, "(local.get $number)") for v in VECTORS)
        for number in numbers[1:]:
            yield f"(local.set $number {_number(number)})"
            for v in VECTORS:
                yield _set(
                    name, v, add_product(_get(name, v), _get("square", v), "(local.get $number)")
                )

    def lines():
        for name in ("sum", "square", "above", "below"):
            yield " ".join(f"(local ${name}{v} v128)" for v in VECTORS)
        yield "(loop $block"
        yield from (_set("sum", v, "(v128.const i32x4 0 0 0 0)") for v in VECTORS)
        yield "(local.set $entry (local.get $first))"
        yield "(loop $synapse"
        yield "(local.set $weight (v128.load32_splat offset=4 (local.get $entry)))"
        yield "(local.set $from (i32.add (i32.load (local.get $entry)) (local.get $at)))"
        for v in VECTORS:
            sent = f"(v128.load offset={16 * v} (local.get $from))"
            yield _set("sum", v, add_product("(local.get $weight)", sent, _get("sum", v)))
        yield NEXT_SYNAPSE
        yield ";; tanh: x clipped, then x times a polynomial of x² over another"
        yield "(if (local.get $tanh) (then"
        yield f"(local.set $number {_number(CLIP)})"
        for v in VECTORS:
            clipped = f"(f32x4.pmin (local.get $number) {_get('sum', v)})"
            yield _set("sum", v, f"(f32x4.pmax (f32x4.neg (local.get $number)) {clipped})")
            yield _set("square", v, f"(f32x4.mul {_get('sum', v)} {_get('sum', v)})")
        yield from polynomial("above", ABOVE)
        yield from polynomial("below", BELOW)
        for v in VECTORS:
            upper = f"(f32x4.mul {_get('sum', v)} {_get('above', v)})"
            yield _set("sum", v, f"(f32x4.div {upper} {_get('below', v)})")
        yield "))"
        yield "(local.set $from (i32.add (local.get $out) (local.get $at)))"
        for v in VECTORS:
            yield f"(v128.store offset={16 * v} (local.get $from) {_get('sum', v)})"
        yield NEXT_BLOCK

    return HEAD + textwrap.indent("\n".join(lines()), "    ") + "\n"


def _get(name, vector):
    return f"(local.get ${name}{vector})"


def _set(name, vector, value):
    return f"(local.set ${name}{vector} {value})"


def _number(which):
    return f"(v128.load32_splat offset={4 * which} (i32.const 0))"


def assemble():
    """Return the bytes of the kernel; RuntimeError if WABT is not there or finds a fault."""
    program, npm = shutil.which("wat2wasm"), shutil.which("npm")
    if not program and not npm:
        raise RuntimeError("there is neither wat2wasm nor npm, which would bring it")
    quick = ("exec", "--yes", "--fetch-retries=0", "--fetch-timeout=20000", "--package=wabt", "--")
    command = [program] if program else [npm, *quick, "wat2wasm"]
    with tempfile.TemporaryDirectory() as folder:
        source, result = Path(folder) / "kernel.wat", Path(folder) / "kernel.wasm"
        source.write_text(text(), encoding="utf-8")
        command += [str(source), f"--output={result}"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return result.read_bytes()


if __name__ == "__main__":
    coded = textwrap.wrap(base64.b64encode(assemble()).decode(), 100)
    print("const KERNEL =\n  " + "\n  + ".join(f'"{line}"' for line in coded) + ";")
