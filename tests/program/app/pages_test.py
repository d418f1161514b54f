"""The manual pages and the completions hold every command and option that --help tells of, and work in their shells.

CTest sets ZIMG_PAGES to the folder that the build wrote them into.
"""
import os
import re
import shutil
import subprocess
import unittest

from program import PROGRAM, ProgramTest

PAGES = os.environ["ZIMG_PAGES"]
OPTION = re.compile(r"^  (-\S+)", re.MULTILINE)


def all_help():
    """The text of --help of every command, by its words."""
    texts = {}
    left = [()]
    while left:
        words = left.pop()
        text = subprocess.run([PROGRAM, *words, "--help"], check=True, capture_output=True, text=True).stdout
        texts[words] = text
        if listed := re.search(r"^Subcommands:\n((?:  .*\n)+)", text, re.MULTILINE):
            left += [(*words, name) for name in re.findall(r"^  ([a-z]\S*)", listed[1], re.MULTILINE)]
    return texts


def options(text):
    return {name for names in OPTION.findall(text.split("\nExample")[0]) for name in names.split(",")}


def commands(texts, words):
    return {other[-1] for other in texts if len(other) == len(words) + 1 and other[:len(words)] == words}


class PagesTest(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.help = all_help()

    def test_the_help_was_read(self):
        self.assertIn(("cache", "stats"), self.help)
        self.assertLessEqual({"-o", "--output", "--seed", "--json", "-h", "--help"}, options(self.help[("draw",)]))

    def test_each_command_has_a_page_with_its_options(self):
        expected = {"-".join(("zimg", *words)) + ".1" for words in self.help}
        self.assertEqual(set(os.listdir(os.path.join(PAGES, "man1"))), expected)
        for words, text in self.help.items():
            with open(os.path.join(PAGES, "man1", "-".join(("zimg", *words)) + ".1"), encoding="utf-8") as file:
                page = file.read()
            told = set(re.findall(r"\\fB([^\\]*(?:\\-[^\\]*)*)\\fR", page))
            self.assertLessEqual(options(text) | commands(self.help, words), {name.replace("\\-", "-") for name in told})

    @unittest.skipUnless(shutil.which("groff"), "groff is not here")
    def test_pages_are_sound_roff(self):
        for page in sorted(os.listdir(os.path.join(PAGES, "man1"))):
            done = subprocess.run(["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-z", os.path.join(PAGES, "man1", page)],
                                  capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""), page)

    def complete(self, *words):
        """What bash offers for the last of `words`."""
        script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _zimg; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "-euc", script, "bash", os.path.join(PAGES, "bash", "zimg"), "zimg", *words],
                              check=True, capture_output=True, text=True, cwd=self.work)
        return set(done.stdout.split())

    def test_bash_offers_all_of_them(self):
        for words, text in self.help.items():
            self.assertEqual(self.complete(*words, "-"), options(text), words)
            below = commands(self.help, words)
            if below:
                self.assertLessEqual(below, self.complete(*words, ""))

    def test_bash_offers_files_where_one_is_meant(self):
        open(os.path.join(self.work, "prompts.txt"), "w", encoding="utf-8").close()
        self.assertEqual(self.complete("draw", "--from", "pr"), {"prompts.txt"})
        self.assertEqual(self.complete("prewarm", "pr"), {"prompts.txt"})
        self.assertEqual(self.complete("draw", "--seed", "pr"), set())
        self.assertEqual(self.complete("draw", "a cat", "--output", "pr"), {"prompts.txt"})

    def test_bash_completes_a_beginning(self):
        self.assertEqual(self.complete("pre"), {"prewarm"})
        self.assertEqual(self.complete("cache", "st"), {"stats"})
        self.assertEqual(self.complete("draw", "--negat"), {"--negative"})
        self.assertEqual(self.complete("wrong", "--negat"), set())

    def test_zsh_has_all_of_them(self):
        with open(os.path.join(PAGES, "zsh", "_zimg"), encoding="utf-8") as file:
            functions = dict(re.findall(r"^(_\w+)\(\) \{\n(.*?)^\}", file.read(), re.MULTILINE | re.DOTALL))
        self.assertEqual(set(functions), {"_".join(("_zimg", *words)) for words in self.help})
        for words, text in self.help.items():
            body = functions["_".join(("_zimg", *words))]
            self.assertEqual(set(re.findall(r"^    '\*?(-[\w-]+)\[", body, re.MULTILINE)), options(text))
            for name in commands(self.help, words):
                self.assertIn(f"    {name}) _{'_'.join(('zimg', *words, name))} ;;", body)

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not here")
    def test_zsh_reads_it(self):
        done = subprocess.run(["zsh", "-n", os.path.join(PAGES, "zsh", "_zimg")], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
