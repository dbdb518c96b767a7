"""Runs the tests of a folder, by default the chart's; the last line counts them. `--update` writes the chart's goldens and README anew.

usage: run.py [--update] [--in FOLDER] [TEST…]
"""

import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import chart


class Result(unittest.TextTestResult):
    """Says how long each took, and counts those that passed."""

    passed = 0

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1
        print(f"ok: {test.shortDescription() or test.id()} ({time.monotonic() - self.started:.1f} s)", flush=True)


def main():
    arguments = sys.argv[1:]
    if "--update" in arguments:
        arguments.remove("--update")
        chart.updates = True
    folder = str(Path(__file__).parent)
    if "--in" in arguments:
        place = arguments.index("--in")
        folder = arguments[place + 1]
        del arguments[place : place + 2]
        sys.path.insert(0, folder)
    loader = unittest.defaultTestLoader
    suite = loader.loadTestsFromNames(arguments) if arguments else loader.discover(folder)
    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=0, resultclass=Result).run(suite)
    print(f"{result.passed} passed, {result.testsRun - result.passed} failed")
    sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)


main()
