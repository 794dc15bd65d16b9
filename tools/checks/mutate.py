"""Break the numerical rooms on purpose, one place at a time, and see whether a test fails.

    python tools/checks/mutate.py [--sample 60] [--seed 1] [--processes 2] [core/passes ...]
    python tools/checks/mutate.py --tests tests/plots/test_plots.py -- plots/curves plots/rows

Mutants are made by Cosmic Ray (https://cosmic-ray.readthedocs.io) and two operators of our own;
in a sample every place of the code gives one mutant. They are run in copies of the project, in
forks of a process that has everything loaded but the library: a mutant costs a second, not ten.
Only tests that reach the mutated line are run, the fastest files first, until one fails.
benchmarks/MUTATION.md has the results and says what is left out.
"""

import argparse
import json
import math
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import parso
import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names
from coverage import Coverage

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "exchange", "sweeps", "properties", "ensembles", "planted")
MODULES = (
    "_images",
    *(
        f"{room}/{path.stem}"
        for room in ROOMS
        for path in sorted((ROOT / "ensembles_lib" / room).glob("*.py"))
        if path.stem != "__init__"
    ),
)
# They need a browser, a kernel or a cluster, or look at files and figures, not at numbers.
NO_TESTS_OF_NUMBERS = re.compile(
    "tests/(widgets|plots|project)/|test_data|own_data|verdicts|gathering|experiments"
)
SLOW = 3.0  # seconds; tests that take longer are left out, but for the own tests of a module
TUNING = {"CHUNK", "TILE", "ROW", "GROUP", "BLOCK", "SCAN", "TOLERANCE"}  # settings of speed
OTHERS = 6.0  # seconds of tests of other modules that a mutant is given
MEMORY = 6 << 30  # bytes that a mutant may ask for
ARITHMETIC = {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"}


class SwapAssignment(Operator):
    """Turn += into -=, *= into /=, and back."""

    SWAPS = {"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "|=": "&=", "&=": "|="}

    def mutation_positions(self, node):
        if node.type == "operator" and node.value in self.SWAPS:
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        node.value = self.SWAPS[node.value]
        return node

    @classmethod
    def examples(cls):
        return ()


class DropStatement(Operator):
    """Replace a call that stands alone, or an assignment in place, by ``pass``."""

    def mutation_positions(self, node):
        if node.type != "simple_stmt":
            return
        first = node.children[0]
        in_place = first.type == "expr_stmt" and (
            first.children[1].type == "operator"
            and (first.children[1].value != "=" or "[" in first.children[0].get_code())
        )
        call = first.type in ("power", "atom_expr") and first.children[-1].type == "trailer"
        if in_place or call:
            yield first.start_pos, first.end_pos

    def mutate(self, node, index):
        first = node.children[0]
        node.children[0] = parso.python.tree.Name(
            "pass", first.start_pos, first.get_first_leaf().prefix
        )
        return node

    @classmethod
    def examples(cls):
        return ()


def wanted(name):
    """Is this an operator whose mutants are worth a run?"""
    if match := re.search("ReplaceBinaryOperator_(.*)_(.*)", name):
        old, new = match.groups()
        return {old, new} <= ARITHMETIC or {old, new} == {"BitAnd", "BitOr"}
    if match := re.search("ReplaceComparisonOperator_(.*)_(.*)", name):
        return len({"Is", "IsNot"} & set(match.groups())) != 1  # `==` for `is` changes nothing
    return not re.search("NoOp|RemoveDecorator", name)


def operators():
    """Yield (name, operator)."""
    for name in operator_names():
        if wanted(name) and not get_operator(name).arguments():
            yield name.removeprefix("core/"), get_operator(name)()
    yield "SwapAssignment", SwapAssignment()
    yield "DropStatement", DropStatement()


def left_out(node):
    """Is the node in the text of an error, or in a setting of speed?"""
    while node := node.parent:
        if node.type in ("raise_stmt", "fstring", "assert_stmt"):
            return True
        if node.type in ("expr_stmt", "param") and node.get_first_leaf().value in TUNING:
            return True
    return False


def mutants(module, count, seed):
    """Return at most `count` mutants of a module: (module, line, operator, code), by line."""
    source = (ROOT / f"ensembles_lib/{module}.py").read_text(encoding="utf-8")
    places, nodes = {}, list(ast_nodes(get_ast(source)))
    for name, operator in operators():
        found = [(node, *place) for node in nodes for place in operator.mutation_positions(node)]
        for occurrence, (node, start, end) in enumerate(found):
            if not left_out(node):
                places.setdefault((start, end), []).append((name, operator, occurrence))
    chance = random.Random(f"{seed} {module}")
    order = sorted(places)
    chance.shuffle(order)
    chosen = []
    for place in order:
        name, operator, occurrence = chance.choice(places[place])
        code = mutate_code(source, operator, occurrence)
        try:
            compile(code, module, "exec")
        except SyntaxError:  # such as another sign for the * before keyword-only parameters
            continue
        chosen.append((module, place[0][0], name, code))
        if len(chosen) == count:
            break
    return sorted(chosen), len(order)


class Tests:
    """A pytest plugin: which tests reach which line, and what they take."""

    def __init__(self, coverage):
        self.coverage, self.seconds = coverage, {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.coverage.switch_context(item.nodeid)
        start = time.perf_counter()
        result = yield
        self.seconds[item.nodeid] = time.perf_counter() - start
        self.coverage.switch_context("")
        return result


class Chosen:
    """A pytest plugin: run these tests only, in this order."""

    def __init__(self, tests):
        self.places = {test: place for place, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items):
        items[:] = sorted(
            (item for item in items if item.nodeid in self.places),
            key=lambda item: self.places[item.nodeid],
        )


def in_fork(work, seconds, folder):
    """Return what `work()` returns as exit status of a fork, None if that takes too long."""
    child = os.fork()
    if not child:
        status = 70
        try:
            os.setsid()
            os.chdir(folder)
            sys.path.insert(0, str(folder))
            sys.dont_write_bytecode = True
            output = os.open(folder / "output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(output, 1)
            os.dup2(output, 2)
            status = int(work())
        finally:
            os._exit(status)
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                child = None
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
    finally:
        if child:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)


def run_pytest(*args, plugins=()):
    return pytest.main(["-q", "-p", "no:cacheprovider", *args], plugins=plugins)


def load():
    """Load all packages, so that a fork has nothing left to load but the library and its tests."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    run_pytest("--collect-only", "-qq", "tests", "--no-header", "--no-summary")
    sys.path.remove(str(ROOT))
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        own = name != "__main__" and file and Path(file).is_relative_to(ROOT)
        if own and "site-packages" not in file:
            del sys.modules[name]


def tests_of_numbers():
    """Return the files of tests that look at numbers."""
    paths = sorted(path.relative_to(ROOT) for path in ROOT.glob("tests/*/test_*.py"))
    return [str(path) for path in paths if not NO_TESTS_OF_NUMBERS.search(path.as_posix())]


def baseline(folder, modules, files, pipe):
    """Run tests unmutated and send their seconds and the tests of every line."""
    coverage = Coverage(data_file=None, include=["ensembles_lib/*"])
    tests = Tests(coverage)
    files = [*files]
    files += [f"ensembles_lib/{module}.py" for module in modules]
    coverage.start()
    status = run_pytest("-k", "not dask", *files, plugins=[tests])
    coverage.stop()
    data = coverage.get_data()
    lines = {
        module: data.contexts_by_lineno(str(folder / f"ensembles_lib/{module}.py"))
        for module in modules
    }
    pipe.send(json.dumps([tests.seconds, lines]))
    return status


def measured(modules, files, folder, file):
    """Return what `baseline` sends, and keep it in a file, if one is given."""
    receive, send = multiprocessing.Pipe(duplex=False)
    reader = threading.Thread(target=lambda: found.append(receive.recv()), daemon=True)
    found = []
    reader.start()
    if in_fork(lambda: baseline(folder, modules, files, send), 3600, folder) != 0:
        sys.exit("the tests fail unmutated:\n" + (folder / "output").read_text(encoding="utf-8"))
    reader.join()
    if file:
        file.write_text(found[0], encoding="utf-8")
    return json.loads(found[0])


def tests_of(module, line, seconds, lines):
    """Return the tests that reach a line, in two groups: those of its module, and others."""
    source = (ROOT / f"ensembles_lib/{module}.py").read_text(encoding="utf-8").splitlines()
    covered = lines[module]
    reaching = set(covered.get(str(line), ())) - {""}
    first = line
    while not reaching and first > 1:  # such as the later lines of a long call, or a `def`
        first -= 1
        reaching = set(covered.get(str(first), ())) - {""}
        if not source[first - 1].startswith((" ", ")", "}", "]")):
            break
    if not reaching:  # a constant of the module
        reaching = {test for tests in covered.values() for test in tests} - {""}
    of_file = {}
    for test in sorted(reaching, key=lambda test: seconds[test]):
        own = test.startswith((f"tests/{Path(module).parts[0]}/", f"ensembles_lib/{module}.py"))
        if own or seconds[test] < SLOW:
            of_file.setdefault((not own, test.split("::")[0]), []).append(test)
    groups, spent = [[], []], [-math.inf, 0.0]
    for (other, _), tests in sorted(
        of_file.items(), key=lambda pair: sum(seconds[test] for test in pair[1])
    ):
        for test in tests:
            spent[other] += seconds[test]
            if spent[other] < OTHERS:
                groups[other].append(test)
    return [group for group in groups if group]


def prepare(copies):
    global folder
    folder = copies.get()


def fate(mutant, seconds, lines):
    """Return how a mutant fared: the name of the test that failed, "timeout", or ""."""
    module, line, _, code = mutant
    path = folder / f"ensembles_lib/{module}.py"
    for old in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
        old.unlink()
    path.write_text(code, encoding="utf-8")
    try:
        for group in tests_of(module, line, seconds, lines):
            files = list(dict.fromkeys(test.split("::")[0] for test in group))

            def work(group=group, files=files):
                resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
                return run_pytest("-x", "--tb=no", "-rfE", *files, plugins=[Chosen(group)])

            status = in_fork(work, 10 + 3 * sum(seconds[test] for test in group), folder)
            if status is None:
                return "timeout"
            if status:
                output = (folder / "output").read_text(encoding="utf-8", errors="replace")
                failed = re.search(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
                return failed[1] if failed else f"exit status {status}"
    finally:
        shutil.copy(ROOT / f"ensembles_lib/{module}.py", path)
    return ""


def run_one(task):
    mutant, seconds, lines = task
    return mutant, fate(mutant, seconds, lines)


def changed_line(module, code):
    """Return the first line that differs, before and after."""
    before = (ROOT / f"ensembles_lib/{module}.py").read_text(encoding="utf-8").splitlines()
    for old, new in zip(before, code.splitlines(), strict=False):
        if old != new:
            return old.strip(), new.strip()
    return "", ""


def interval(killed, count):
    """Return the 95 % interval of a share (Wilson 1927, *J. Am. Stat. Assoc.* 22, 209)."""
    z, share = 1.96, killed / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = math.sqrt(share * (1 - share) / count + z * z / (4 * count**2)) * z / (1 + z * z / count)
    return middle - half, middle + half


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=MODULES, metavar="module")
    parser.add_argument("--sample", type=int, default=60, help="mutants per module (60)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--tests",
        nargs="+",
        default=tests_of_numbers(),
        help="their files; those of numbers by default",
    )
    parser.add_argument("--baseline", type=Path, help="file that keeps the run of all tests")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    os.nice(5)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # remove the copies then, too
    load()
    fork = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory(prefix="mutants-") as below:
        copies = fork.SimpleQueue()
        ignore = shutil.ignore_patterns(".git", ".venv", "site", "build", "*.egg-info")
        for number in range(options.processes):
            copy = Path(below).resolve() / str(number)
            shutil.copytree(ROOT, copy, ignore=ignore)
            copies.put(copy)
        receive, send = fork.Pipe(duplex=False)
        if options.baseline and options.baseline.exists():
            seconds, lines = json.loads(options.baseline.read_text(encoding="utf-8"))
        else:
            seconds, lines = measured(options.modules, options.tests, copy, options.baseline)
        print(f"{len(seconds)} tests, {sum(seconds.values()):.0f} s unmutated", flush=True)
        tasks, places, drawn = [], {}, {}
        for module in options.modules:
            found, places[module] = mutants(module, options.sample, options.seed)
            drawn[module] = len(found)
            tasks += [(mutant, seconds, {module: lines[module]}) for mutant in found]
        killed, count = dict.fromkeys(places, 0), dict.fromkeys(places, 0)
        with fork.Pool(options.processes, prepare, (copies,)) as pool:
            for (module, line, name, code), end in pool.imap(run_one, tasks):
                count[module] += 1
                killed[module] += bool(end)
                if not end:
                    old, new = changed_line(module, code)
                    print(f"survived {module}.py:{line} {name}\n    {old}\n    {new}", flush=True)
                if count[module] == drawn[module]:
                    row = f"| {module} | {places[module]} | {killed[module]}/{count[module]} |"
                    print(row, flush=True)
    total = sum(killed.values()), sum(count.values())
    low, high = interval(*total)
    print(f"{total[0]}/{total[1]} killed: {total[0] / total[1]:.1%}, 95 % {low:.1%} to {high:.1%}")


if __name__ == "__main__":
    main()
