"""What is registered is used, what is used is there, and no log line or address carries a person."""

import ast
import re
from pathlib import Path

from campanella.foundation.core import audit, jobs
from tests.repository.files import called, calls, code, files, parsed, text, tree, under
from tests.visiting import VIEWS

PERSONAL = re.compile(
    r"\b(email|address|tax_code|given_name|family_name|full_name|display_name|username|phone|amount|iban|token)\b"
)
LOG = "debug|info|warning|error|exception|critical|log"


def _strings(node: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def test_every_act_has_a_sentence_and_every_sentence_an_act() -> None:
    recorded: set[str] = set()
    for _, call in calls():
        for keyword in call.keywords:
            if keyword.arg == "action":
                recorded |= {word for word in _strings(keyword.value) if re.fullmatch(r"[a-z_]+\.[a-z_]+", word)}
    assert sorted(recorded - set(audit.SENTENCES)) == []
    unused = [action for action in audit.SENTENCES if code().count(f'"{action}"') < 2]
    assert unused == []


def test_what_an_act_counts_agrees_in_number() -> None:
    counted = re.compile(r"\{\w+\} (?!alle |che |come |di |e |le |per )[a-zà]+[ie]\b")
    assert [action for action, sentence in audit.SENTENCES.items() if counted.search(sentence)] == []


def test_every_letter_has_its_text_and_every_text_its_letter() -> None:
    told = [
        keyword.value
        for path, call in calls()
        if path.startswith("campanella/usecases/messages/")
        for keyword in call.keywords
        if keyword.arg == "template"
    ]
    # One of two, by a condition, is two letters; a name that is handed on is none.
    written = {name for value in told for name in _strings(value)}
    texts = {Path(path).stem for path in files() if "/templates/messages/" in path and path.endswith(".txt")}
    assert (sorted(written - texts), sorted(texts - written)) == ([], [])


def test_subjects_are_finished_sentences() -> None:
    subjects = [
        said
        for _, call in calls()
        for keyword in call.keywords
        if keyword.arg == "subject"
        for said in _strings(keyword.value)
    ]
    assert subjects
    assert [subject for subject in subjects if "{{" in subject or "{%" in subject] == []


def test_one_module_speaks_to_the_database_by_hand() -> None:
    """SQL goes through ``core.sql``, where lists are written; an operation's stands in ``statements``."""
    speaking = {path for path, call in calls() if called(call.func).endswith("connection.cursor")}
    towns_own = {"campanella/foundation/core/sql.py", "campanella/foundation/core/scope.py"}
    assert {path for path in speaking if not path.startswith(("campanella/config/", "campanella/simulators/"))} == towns_own
    inside = [
        path for path in files() if path.endswith("/operations.py") and re.search(r'^_[A-Z]+ = f?"""', text(path), re.M)
    ]
    assert inside == []


def test_no_log_line_names_a_person() -> None:
    named = []
    for path, call in calls():
        if not re.fullmatch(rf"(log|logger|logging)\.({LOG})", called(call.func)):
            continue
        said = " ".join(ast.unparse(argument) for argument in [*call.args, *(word.value for word in call.keywords)])
        if PERSONAL.search(said) or isinstance(call.args[0], ast.JoinedStr):
            named.append(f"{path}:{call.lineno}: {said[:80]}")
    assert named == []


def test_every_job_that_is_asked_for_is_there() -> None:
    asked: set[str] = set()
    for _, call in calls():
        name = called(call.func)
        if name in {"jobs.enqueue", "enqueue", "jobs.run_now"} and call.args and isinstance(call.args[0], ast.Constant):
            asked.add(str(call.args[0].value))
    assert asked
    assert sorted(asked - set(jobs._jobs)) == []


def test_every_template_is_used() -> None:
    everything = "\n".join(text(path) for path in under("campanella/") if path.endswith((".py", ".html")))
    # Django finds these by their names: the pages of what went wrong, and the shapes of forms.
    by_name = re.compile(r"[0-9]{3}(_csrf)?\.html|(django|design)/forms/.*")
    names = [path.partition("/templates/")[2] for path in under("campanella/", ending=".html") if "/templates/" in path]
    unused = [name for name in names if not by_name.fullmatch(name) and Path(name).name not in everything]
    assert unused == []


def test_every_static_file_is_used() -> None:
    kinds = (".py", ".html", ".css", ".js", ".json", ".mjs", ".scss")
    everything = "\n".join(text(path) for path in files() if path.endswith(kinds))
    static = [path for path in under("campanella/") if "/static/" in path and not path.endswith((".md", ".txt"))]
    assert [path for path in static if Path(path).name not in everything] == []


def test_no_address_carries_a_person() -> None:
    names = {key for view in VIEWS.values() for key in view.pattern.converters}
    assert sorted(name for name in names if PERSONAL.search(name) and name != "token") == []
    read = set(re.findall(r'GET\.(?:get|getlist)\("([^"]+)"', code()))
    assert sorted(name for name in read if re.search(r"mail|fiscal|nome|cognome|telefono|tax", name)) == []


def test_long_files_and_functions_are_listed() -> None:
    """Listed with ``-rP``, not failed: 300 lines a file, 60 a function."""
    for path in under("campanella/", ending=".py"):
        if (lines := text(path).count("\n")) > 300:
            print(f"{path}: {lines} lines")
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and (length := (node.end_lineno or 0) - node.lineno) > 60:
                print(f"{path}:{node.lineno} {node.name}: {length} lines")


def test_a_browser_test_waits_for_what_comes_true() -> None:
    """Playwright's own waiting for a function takes the promise of an asynchronous one for true, and waits for nothing."""
    waiting = ".wait_for_" + "function("
    assert [path for path in under("tests/browser/", ending=".py") if waiting in text(path)] == []


def test_a_module_defines_each_name_once() -> None:
    """What a merge leaves behind stands twice: the second silently wins, and who mends the first mends nothing."""
    twice = []
    for path in under("campanella/", "tests/", ending=".py"):
        given = [name for node in parsed(path).body for name in _given(node)]
        twice += [f"{path}: {name}" for name in sorted(set(given)) if given.count(name) > 1]
    assert twice == []


def _given(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]
