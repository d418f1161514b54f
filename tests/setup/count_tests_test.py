#!/usr/bin/env python3
"""The counter behind `N passed, N failed` must not take for passed what was not."""
import pathlib
import sys
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "cmake" / "setup"))
import count_tests

BOOST = """Running 6 test cases...
Test module "x" has failed with:
  3 test cases out of 6 passed
  2 test cases out of 6 failed
  1 test case out of 6 aborted
  1 assertion out of 2 passed
"""
UNITTEST = """..F.s
----------------------------------------------------------------------
Ran 5 tests in 1.250s

FAILED (failures=1, skipped=1)
"""
CARGO = """
running 2 tests
test a ... ok
test b ... FAILED

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s

running 3 tests

test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s
"""
GO = """=== RUN   TestCaches
=== RUN   TestCaches/memory
--- PASS: TestCaches (0.02s)
    --- PASS: TestCaches/memory (0.01s)
=== RUN   TestKeys
    keys_test.go:7: no key
--- FAIL: TestKeys (0.00s)
--- SKIP: TestLater (0.00s)
FAIL
"""


def test(status, output="", skipped=None):
    element = ElementTree.Element("testcase", name="x", status=status)
    ElementTree.SubElement(element, "system-out").text = output
    if skipped is not None:
        ElementTree.SubElement(element, "skipped", message=skipped)
    return element


class CountTest(unittest.TestCase):
    def test_boost_counts_cases_and_takes_the_aborted_for_failed_once(self):
        self.assertEqual(count_tests.count(test("fail", BOOST)), (3, 2))

    def test_unittest_counts_cases_without_the_skipped(self):
        self.assertEqual(count_tests.count(test("fail", UNITTEST)), (3, 1))
        sound = UNITTEST.replace("FAILED (failures=1, skipped=1)", "OK")
        self.assertEqual(count_tests.count(test("run", sound)), (5, 0))
        nothing_ran = UNITTEST.replace("FAILED (failures=1, skipped=1)", "OK (skipped=5)")
        self.assertEqual(count_tests.count(test("run", nothing_ran)), (0, 0))

    def test_cargo_counts_the_cases_of_all_its_programs_without_the_ignored(self):
        self.assertEqual(count_tests.count(test("fail", CARGO)), (3, 1))
        nothing_ran = "test result: ok. 0 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.0s"
        self.assertEqual(count_tests.count(test("run", nothing_ran)), (0, 0))
        self.assertEqual(count_tests.count(test("fail", "error: could not compile `zimg` due to previous error")), (0, 1))

    def test_go_counts_the_outermost_cases_without_the_skipped(self):
        self.assertEqual(count_tests.count(test("fail", GO)), (1, 1))
        self.assertEqual(count_tests.count(test("fail", "FAIL\tzimg [build failed]")), (0, 1))

    def test_go_that_ran_nothing_counts_nothing(self):
        for output in ("testing: warning: no tests to run\nPASS\nok  \tzimg\t0.004s [no tests to run]\n",
                       "?   \tzimg/internal\t[no test files]\n",
                       "=== RUN   TestLater\n--- SKIP: TestLater (0.00s)\nPASS\nok  \tzimg\t0.004s\n"):
            self.assertEqual(count_tests.count(test("run", output)), (0, 0), output)
        self.assertEqual(count_tests.count(test("run", "ok  \tzimg/a\t0.004s [no tests to run]\n" + GO)), (1, 1))

    def test_any_other_program_counts_one(self):
        self.assertEqual(count_tests.count(test("run", "fine")), (1, 0))
        self.assertEqual(count_tests.count(test("fail", "not fine")), (0, 1))

    def test_a_failure_after_a_good_report_is_a_failure(self):
        good = 'Test module "x" has passed with:\n  4 test cases out of 4 passed\n'
        self.assertEqual(count_tests.count(test("run", good)), (4, 0))
        self.assertEqual(count_tests.count(test("fail", good)), (4, 1))

    def test_a_program_that_is_not_there_was_not_skipped(self):
        self.assertEqual(count_tests.count(test("notrun", skipped="Unable to find executable")), (0, 1))
        self.assertEqual(count_tests.count(test("notrun", skipped="SKIP_RETURN_CODE=77")), (0, 0))
        self.assertEqual(count_tests.count(test("disabled")), (0, 0))


if __name__ == "__main__":
    unittest.main()
