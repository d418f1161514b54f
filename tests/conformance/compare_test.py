"""compare.py must object to answers that are wrong, missing, of another order, or differ between two languages."""

import contextlib
import io
import json
import pathlib
import tempfile
import unittest

import compare

SUITE = {"cases": [{"name": f"case_{i}", "expect": {"status": "ok", "key": f"{i:02x}"}} for i in range(60)]}
SOUND = "".join(f"case\tcase_{i}\nkey\t{i:02x}\nsecond\thit\nstatus\tok\n" for i in range(60))
SEVENTH = "case\tcase_7\nkey\t07\nsecond\thit\nstatus\tok\n"


class CompareTest(unittest.TestCase):
    def compare(self, change=None, octets=b"picture", second=b"picture", suite=None):
        """How compare.py ends where the answers of C++ are those of C but for `change` and the pictures."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "cases.json").write_text(json.dumps(suite or SUITE))
            (root / "flat.txt").write_text("".join(f"case\tcase_{i}\n" for i in range(60)))
            for language in ("c", "cpp"):
                (root / language).mkdir()
                text = change(SOUND) if change and language == "cpp" else SOUND
                (root / language / "results.txt").write_text(text)
                for i in range(60):
                    is_planted = language == "cpp" and i == 7
                    (root / language / f"case_{i}.1").write_bytes(octets if is_planted else b"picture")
                    (root / language / f"case_{i}.2").write_bytes(second if is_planted else b"picture")
            with contextlib.redirect_stdout(io.StringIO()):
                return compare.main([root / "cases.json", root / "flat.txt", root, "c", "cpp"])

    def test_takes_equal_answers(self):
        self.assertEqual(self.compare(), 0)

    def test_objects_to_a_case_that_is_left_out(self):
        self.assertNotEqual(self.compare(lambda text: text.replace(SEVENTH, "")), 0)

    def test_objects_to_what_is_not_expected(self):
        suite = json.loads(json.dumps(SUITE))
        suite["cases"][7]["expect"]["key"] = "ff"
        self.assertNotEqual(self.compare(suite=suite), 0)

    def test_objects_to_an_answer_of_its_own(self):
        self.assertNotEqual(self.compare(lambda text: text.replace("key\t07\n", "key\t07\nwarning\tx\n")), 0)

    def test_objects_to_another_picture(self):
        self.assertNotEqual(self.compare(octets=b"another", second=b"another"), 0)

    def test_objects_to_a_hit_that_is_another_picture(self):
        self.assertNotEqual(self.compare(second=b"another"), 0)

    def test_objects_to_another_order(self):
        self.assertNotEqual(self.compare(lambda text: text.replace(SEVENTH, "") + SEVENTH), 0)

    def test_objects_to_a_case_that_says_no_status(self):
        suite = json.loads(json.dumps(SUITE))
        del suite["cases"][7]["expect"]["status"]
        self.assertNotEqual(self.compare(suite=suite), 0)


if __name__ == "__main__":
    unittest.main()
