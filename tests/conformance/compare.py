#!/usr/bin/env python3
"""Compares what the languages made of the conformance suite: same cases, same answers, none left out.

    compare.py CASES FLAT RESULTS LANGUAGE...

CASES is cases.json, FLAT what flatten.py made of it, RESULTS a folder with one folder a language, where its runner left
results.txt and the pictures. {data} in what is expected is the folder of CASES. Each language has one test for each case, as unittest counts them.
"""

import json
import pathlib
import sys
import unittest

# What every language is compared with.
FIRST = "c"


class Answer:
    """What one language answered to one case: lines of fields and values, and octets."""

    def __init__(self, lines, octets):
        self.lines = lines
        self.octets = octets

    def value(self, field):
        values = [value for name, value in self.lines if name == field]
        return values[0] if len(values) == 1 else values or None


def names_in(flat):
    return [line.split("\t", 1)[1] for line in flat.read_text(encoding="utf-8").split("\n")
            if line.startswith("case\t")]


def read_answers(folder):
    """Answers by the case's name. A case that was answered twice is an error."""
    answers = {}
    lines = None
    for line in (folder / "results.txt").read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        field, value = line.split("\t", 1)
        if field == "case":
            if value in answers:
                raise ValueError(f"{folder.name} answered twice to {value}")
            lines = []
            octets = {number: (folder / f"{value}.{number}").read_bytes()
                      for number in (1, 2) if (folder / f"{value}.{number}").exists()}
            answers[value] = Answer(lines, octets)
        else:
            lines.append((field, value))
    return answers


def own(case, language):
    """What of the case is another in this language, because its own API refuses earlier or later than the C API."""
    return case.get("own", {}).get(language, {})


def check(test, language, case, answer, first):
    """One case in one language."""
    test.assertIsNotNone(answer, f"{language} left this case out")
    expected = {**case["expect"], **own(case, language)}
    for field, value in expected.items():
        test.assertEqual(answer.value(field), value, f"{field}, in {language}")
    test.assertIn("status", expected, "a case says what becomes of it")
    differing = {*own(case, language), *own(case, FIRST)}
    test.assertEqual([line for line in answer.lines if line[0] not in differing],
                     [line for line in first.lines if line[0] not in differing], f"{language} and {FIRST} differ")
    test.assertEqual(answer.octets, first.octets, f"the octets of {language} and {FIRST} differ")
    if answer.value("second") == "hit":
        test.assertEqual(answer.octets[1], answer.octets[2], f"the hit is not the picture that was drawn, in {language}")


def suite_of(cases, names, results, languages):
    answers = {language: read_answers(results / language) for language in languages}
    by_name = {case["name"]: case for case in cases["cases"]}

    def test_of(language, name):
        def run(self):
            check(self, language, by_name[name], answers[language].get(name), answers[FIRST].get(name))
        return run

    def same_cases(language):
        def run(self):
            self.assertEqual(list(answers[language]), names)
        return run

    def is_large_enough(self):
        self.assertGreaterEqual(len(names), 60)
        self.assertEqual(len(by_name), len(cases["cases"]), "two cases have one name")

    tests = unittest.TestSuite()
    methods = {"test_the_suite_is_not_empty": is_large_enough}
    for language in languages:
        methods[f"test_{language}_answered_each_case_once"] = same_cases(language)
        for name in names:
            methods[f"test_{language}_{name}"] = test_of(language, name)
    kind = type("Conformance", (unittest.TestCase,), methods)
    tests.addTests(kind(method) for method in methods)
    return tests


def main(arguments):
    path = pathlib.Path(arguments[0])
    cases = json.loads(path.read_text(encoding="utf-8").replace("{data}", str(path.resolve().parent)))
    tests = suite_of(cases, names_in(pathlib.Path(arguments[1])), pathlib.Path(arguments[2]), arguments[3:])
    outcome = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(tests)
    return 0 if outcome.wasSuccessful() and not outcome.skipped else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
