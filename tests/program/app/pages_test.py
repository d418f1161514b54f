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

# An option as _arguments reads it: its name, what it does, and its value.
ZSH_OPTION = re.compile(r"\*?(?P<name>-[\w-]+)\[(?P<what>(?:[^\]\\]|\\.)*)\](?::(?:[^:\\]|\\.)*:(?:_files)?)?")

# In place of zsh's own _arguments: sets for a state what that sets, adds nothing itself, and keeps what it was given. A
# list of commands is evaluated as that evaluates it. Whatever becomes global on the way is a warning on stderr.
ZSH_STUBS = r"""
emulate -R zsh
setopt warn_create_global
typeset -a words kept
typeset curcontext=:complete:zimg:
file=$1 words=("${@[2,-1]}")
_arguments() {
  while [[ $1 == -[sC] ]]; do shift; done
  local spec
  kept+=("${funcstack[2]}" $#)
  for spec; do
    if [[ $spec == '1:command:(('* ]]; then
      local -a listed
      eval "listed=( ${${spec#1:command:\(\(}%\)\)} )"
      spec="1:command:"$'\n'"${(pj:\n:)listed}"
    fi
    kept+=("$spec")
  done
  [[ $@[-1] == '*::argument:->rest' ]] || return 0
  (( $#words > 2 )) || return 0
  curcontext+=argument-rest: context=(argument-rest) state=(rest) state_descr=(argument) line=($words)
  opt_args[--seed]=1
  words=("${(@)words[2,-1]}")
  return 1
}
_main_complete() { source $file }
_main_complete
print -rNn -- $? "${kept[@]}"
left=(${(k)parameters[(I)(context|state|state_descr|line|opt_args|ret)]})
[[ -z $left && $curcontext == :complete:zimg: ]] || print -u2 -- "left behind: $left, $curcontext"
"""


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


def squeezed(text):
    return "".join(text.split())


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
            below = commands(self.help, words)
            for name in below:
                self.assertIn(f"    {name}) _{'_'.join(('zimg', *words, name))} && ret=0 ;;", body)
            # zshcompsys(1): who has a state declares all that _arguments sets for it.
            self.assertEqual("local curcontext=$curcontext context state state_descr line ret=1\n  typeset -A opt_args"
                             in body, bool(below), words)

    def run_zsh(self, *words):
        """Runs the completion of `words`: its status, and what each function gave to _arguments, in order."""
        done = subprocess.run(["zsh", "-fc", ZSH_STUBS, "zsh", os.path.join(PAGES, "zsh", "_zimg"), "zimg", *words],
                              capture_output=True, text=True)
        self.assertEqual(done.stderr, "", words)
        status, *rest = done.stdout.split("\0")[:-1]
        calls = []
        while rest:
            name, count = rest[0], int(rest[1])
            calls.append((name, rest[2:2 + count]))
            rest = rest[2 + count:]
        return int(status), calls

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not here")
    def test_zsh_runs_it(self):
        for words, text in self.help.items():
            status, calls = self.run_zsh(*words, "-")
            self.assertEqual(status, 0, words)
            self.assertEqual([name for name, _ in calls], ["_".join(("_zimg", *words[:n])) for n in range(len(words) + 1)])
            told = {}
            for spec in calls[-1][1]:
                if spec.startswith("1:command:"):
                    listed = dict(item.split(":", 1) for item in spec.split("\n")[1:])
                    self.assertEqual(set(listed), commands(self.help, words))
                    for what in listed.values():
                        self.assertIn(squeezed(what), squeezed(text))
                elif not spec.startswith("*:"):
                    parts = ZSH_OPTION.fullmatch(spec)
                    self.assertIsNotNone(parts, spec)
                    told[parts["name"]] = re.sub(r"\\(.)", r"\1", parts["what"])
            self.assertEqual(set(told), options(text))
            for name, what in told.items():
                self.assertIn(squeezed(what), squeezed(text), name)

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not here")
    def test_zsh_has_nothing_for_a_command_that_there_is_not(self):
        status, calls = self.run_zsh("wrong", "-")
        self.assertEqual((status, [name for name, _ in calls]), (1, ["_zimg"]))


if __name__ == "__main__":
    unittest.main()
