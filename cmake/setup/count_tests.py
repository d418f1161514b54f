"""Counts the test cases in what ctest wrote with --output-junit.

    count_tests.py [--quiet] FILE...

A program under Boost.Test counts its cases, any other test counts one, and so does a program that ended before it could
report. Prints a line a test and then `N passed, N failed`; exits 1 when a case failed or there is none.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

REPORT = re.compile(r"^\s*(\d+) test cases? out of (\d+) (passed|failed|aborted)", re.MULTILINE)


def count(test):
    """How many cases of one CTest test passed and failed."""
    went_well = test.get("status") == "run"
    if test.get("status") in ("disabled", "notrun"):
        skipped = test.find("skipped")
        is_meant = test.get("status") == "disabled" or (skipped is not None and "SKIP_" in skipped.get("message", ""))
        return (0, 0) if is_meant else (0, 1)  # a program that is not there was not skipped
    reported = {outcome: int(number) for number, _, outcome in REPORT.findall(test.findtext("system-out") or "")}
    passed = reported.get("passed", 0)
    failed = max(reported.get("failed", 0), reported.get("aborted", 0))  # those aborted are among those failed
    if went_well:
        return (max(passed, 1), 0)
    return (passed, max(failed, 1))


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
