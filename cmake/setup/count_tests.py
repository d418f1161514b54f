"""Counts the test cases in what ctest wrote with --output-junit.

    count_tests.py [--quiet] FILE...

A program under Boost.Test, Python's unittest, cargo or `go test -v` counts its cases, any other test counts one, and so
does a program that ended before it could report. Prints a line a test and then `N passed, N failed`; exits 1 when a case failed or there is
none.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

BOOST_REPORT = re.compile(r"^\s*(\d+) test cases? out of \d+ (passed|failed|aborted)", re.MULTILINE)
UNITTEST_REPORT = re.compile(r"^Ran (\d+) tests? in .*\n\n(?:OK|FAILED)(?: \((.*)\))?$", re.MULTILINE)
CARGO_REPORT = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed;", re.MULTILINE)
GO_REPORT = re.compile(r"^--- (PASS|FAIL|SKIP): \w+ \(", re.MULTILINE)
GO_RAN_NOTHING = re.compile(r"^(?:ok|\?) .*\[no (?:tests to run|test files)\]$", re.MULTILINE)


def reported(output):
    """How many cases a test says passed and failed, or None where it says nothing."""
    if programs := CARGO_REPORT.findall(output):  # one report for each program that cargo ran
        return sum(int(passed) for passed, _ in programs), sum(int(failed) for _, failed in programs)
    outcomes = GO_REPORT.findall(output)
    if outcomes or GO_RAN_NOTHING.search(output):
        return outcomes.count("PASS"), outcomes.count("FAIL")
    if match := UNITTEST_REPORT.search(output):
        others = {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", match[2] or "")}
        failed = others.get("failures", 0) + others.get("errors", 0)
        return int(match[1]) - failed - others.get("skipped", 0), failed
    cases = {outcome: int(number) for number, outcome in BOOST_REPORT.findall(output)}
    if not cases:
        return None
    # Those aborted are among those failed.
    return cases.get("passed", 0), max(cases.get("failed", 0), cases.get("aborted", 0))


def count(test):
    """How many cases of one CTest test passed and failed."""
    if test.get("status") in ("disabled", "notrun"):
        skipped = test.find("skipped")
        is_meant = test.get("status") == "disabled" or (skipped is not None and "SKIP_" in skipped.get("message", ""))
        return (0, 0) if is_meant else (0, 1)  # a program that is not there was not skipped
    cases = reported(test.findtext("system-out") or "")
    if test.get("status") == "run":
        return cases or (1, 0)
    return (cases[0], max(cases[1], 1)) if cases else (0, 1)


def main():
    files = [argument for argument in sys.argv[1:] if argument != "--quiet"]
    total_passed = total_failed = 0
    for file in files:
        for test in sorted(ElementTree.parse(file).getroot().iter("testcase"), key=lambda test: test.get("name")):
            passed, failed = count(test)
            total_passed += passed
            total_failed += failed
            if "--quiet" not in sys.argv:
                seconds = float(test.get("time") or 0)
                print(f"{test.get('name'):<48} {passed:>5} passed {failed:>3} failed {seconds:>8.2f} s")
    print(f"{total_passed} passed, {total_failed} failed")
    return 1 if total_failed or not total_passed else 0


if __name__ == "__main__":
    sys.exit(main())
