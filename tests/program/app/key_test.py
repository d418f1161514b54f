"""zimg key: of requests as people write them, and of the published article."""
import json
import os
import random
import struct
import unicodedata
import unittest

from article_reference import article_key
from program import QUICK, ProgramTest, needs_engine

VECTORS = os.path.join(os.path.dirname(__file__), "..", "..", "data", "key", "article_keys.tsv")
LIVE_REQUESTS = int(os.environ.get("ZIMG_ARTICLE_REQUESTS", "4000"))

# What str.lower, str.split and json.dumps are particular about.
ODD = ["Σ", "ΑΣ", "ΑΣ'", "ΑΣ.Β", "İ", "I", "ẞ", "ǅ", "ᾈ", "K", "Å", "Ⅷ", "Ⓐ", "𐐀", "ﬁ", "e\u0301", "É", "，", ",", "||", "|",
       " ", "  ", "\t", "\n", "\r\n", "\x0b", "\x1c", "\x1f", "\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u202f",
       "\u205f", "\u3000", "\u200b", "\ufeff", "\x00", "\x7f", "\"", "\\", "/", "猫", "🐱", "\u00ad", "a", "CAT", "7"]


def odd_text(chance):
    pieces = []
    for _ in range(chance.randrange(8)):
        code = chance.randrange(0x20000)
        # Assigned for so long that every Python and every library of Unicode agree about it.
        if chance.random() < 0.3 and unicodedata.ucd_3_2_0.category(chr(code)) not in ("Cn", "Cs"):
            pieces.append(chr(code))
        else:
            pieces.append(chance.choice(ODD))
    return "".join(pieces)


def odd_number(chance):
    kind = chance.randrange(6)
    if kind == 0:
        return chance.choice(["7", "7.0", "7.5", "0", "-0", "-0.0", "0.1", "1e5", "1E-5", "1e16", "1e400", "-1e999", "1e-999",
                              "NaN", "Infinity", "-Infinity", "123456789012345678901234567890", "5e-324", "1e22", "1e23",
                              "9007199254740993.0", "0.00001", "0.0001", "999999999999999.9", "9999999999999998.0"])
    if kind == 1:
        return str(chance.randrange(-(10 ** chance.randrange(1, 40)), 10 ** chance.randrange(1, 40)))
    if kind == 2:
        return repr(chance.random() * 10 ** chance.randrange(-20, 25)) if chance.random() < 0.5 else "%.20e" % chance.random()
    if kind == 3:
        value = struct.unpack("<d", chance.randbytes(8))[0]
        return json.dumps(value)
    if kind == 4:
        return "%d.%de%d" % (chance.randrange(100), chance.randrange(10 ** 25), chance.randrange(-340, 340))
    return str(chance.randrange(20)) + chance.choice(["", ".0", ".5", ".10"])


def odd_value(chance, depth=0):
    kind = chance.randrange(9 if depth < 3 else 6)
    if kind < 3:
        return odd_number(chance)
    if kind == 3:
        return chance.choice(["null", "true", "false"])
    if kind < 6:
        text = odd_text(chance) + ("\ud83d" if chance.random() < 0.1 else "") + ("\udc31" if chance.random() < 0.1 else "")
        return json.dumps(text)
    if kind == 6:
        return "[" + " , ".join(odd_value(chance, depth + 1) for _ in range(chance.randrange(3))) + "]"
    names = [json.dumps(odd_text(chance) + chance.choice(["", "b", "a", "\udc00", "\U0001f431"])) for _ in range(chance.randrange(4))]
    return "{" + ",".join(name + ":" + odd_value(chance, depth + 1) for name in names) + "}"


def odd_request(chance):
    fields = {"resolution": chance.choice(['"512x512"', '"1024x768"', odd_value(chance)]),
              "steps": odd_value(chance) if chance.random() < 0.2 else str(chance.randrange(1, 60)),
              "cfg_scale": odd_number(chance),
              "model_version": odd_value(chance)}
    if chance.random() < 0.2:
        fields["seed"] = odd_value(chance)
    names = list(fields)
    chance.shuffle(names)
    config = "{" + ", ".join('"%s": %s' % (name, fields[name]) for name in names) + "}"
    plain = chance.random() < 0.5
    written = [json.dumps(odd_text(chance), ensure_ascii=plain) for _ in range(2)]
    return '{"prompt": %s, "negative_prompt":%s,"config":%s}' % (written[0], written[1], config)


class ArticleKey(ProgramTest):
    def keys(self, lines, *options):
        with open(os.path.join(self.work, "list.jsonl"), "w", encoding="utf-8", newline="\n") as file:
            file.write("".join(line + "\n" for line in lines))
        return self.succeed("key", "--article", "--from", "list.jsonl", *options).splitlines()

    def test_equals_the_published_vectors(self):
        with open(VECTORS, encoding="utf-8") as file:
            vectors = [line.rstrip("\n").split("\t") for line in file]
        self.assertGreater(len(vectors), 44)
        self.assertEqual(self.keys([json_text for _, json_text in vectors]), [key for key, _ in vectors])

    def test_equals_python_on_random_requests(self):
        chance = random.Random(20240607)
        lines = [odd_request(chance) for _ in range(LIVE_REQUESTS)]
        keys = self.keys(lines)
        self.assertEqual(len(keys), len(lines))
        for line, key in zip(lines, keys):
            self.assertEqual(key, article_key(json.loads(line)), line)

    def test_equals_python_on_every_letter(self):
        config = '"config":{"resolution":"512x512","steps":8,"cfg_scale":7.0,"model_version":"v"}'
        known = [chr(code) for code in range(0x20000) if unicodedata.ucd_3_2_0.category(chr(code)) not in ("Cn", "Cs")]
        # By itself, and on each side of a sigma, whose form depends on its neighbours.
        lines = []
        for start in range(0, len(known), 50):
            text = "|".join(f"{c} A{c}Σ{c} Σ{c}a aΣ{c}{c}Σ" for c in known[start:start + 50])
            lines.append('{"prompt":%s,"negative_prompt":"",%s}' % (json.dumps(text), config))
        for line, key in zip(lines, self.keys(lines)):
            self.assertEqual(key, article_key(json.loads(line)), line[:200])

    def test_shows_what_is_hashed(self):
        line = ('{"prompt":"A  Cat","config":{"steps":8,"cfg_scale":7,"resolution":"512x512","model_version":"造",'
                '"seed":1},"more":0}')
        text = 'a cat||||{"cfg_scale": 7, "model_version": "\\u9020", "resolution": "512x512", "steps": 8}'
        self.assertEqual(self.keys([line], "--explain")[1], text)
        self.assertEqual(json.loads(self.keys([line], "--explain", "--json")[0])["text"], text)
        self.assertEqual(self.keys(["", line, "  "]), self.keys([line]))

    def test_refuses_what_python_refuses(self):
        def refuse(words, line):
            self.refuse(2, words, "key", "--article", "--from", "-", stdin=b"\n" + line)
        refuse("standard input line 2: 'prompt' holds half a surrogate pair", b'{"prompt":"\\ud800","config":{}}')
        refuse("has no 'prompt'", b'{"config":{}}')
        refuse("'prompt' is no string", b'{"prompt":7,"config":{}}')
        refuse("has no 'config'", b'{"prompt":"a"}')
        refuse("the config is no JSON object", b'{"prompt":"a","config":[]}')
        refuse("the config has no 'cfg_scale'", b'{"prompt":"a","config":{"steps":8}}')
        refuse("is no JSON object", b'[]')
        for wrong in (b'{', b'{"a":01}', b'{"a":1.}', b'{"a":+1}', b'{"a":"\\x"}', b'{"a":"\t"}', b'{"a":"\\u12"}', b"{'a':1}",
                      b'{"a":1,}', b'{} {}', b'{"a":nan}', b'{"a":"\xff"}', b'{"a":' + b'1' * 4301 + b'}', b'[' * 600):
            refuse("is not what Python's json reads", wrong)
        self.refuse(2, "--article goes with --from", "key", "a cat", "--article")
        self.refuse(2, "--article goes with --from", "key", "--article")

    def test_refuses_what_its_keys_leave_out(self):
        line = '{"prompt":"a","config":{"steps":8,"cfg_scale":7,"resolution":"512x512","model_version":"v"}}'
        keys = self.keys([line])
        for option in (["--seed", "7"], ["--seed", "42"], ["--model", "x"], ["--size", "64x64"], ["--match", "exact"], ["--vae-tiling"],
                       ["--negative", ""], ["--namespace", "n"], ["--device", "cpu"], ["--secret-file", "x"], ["--guidance", "1"]):
            self.refuse(2, f"{option[0]} goes without --article", "key", "--article", "--from", "list.jsonl", *option)
        told = self.succeed("key", "--article", "--from", "list.jsonl", environment={"ZIMG_MODEL": "x", "ZIMG_DEVICE": "cpu"})
        self.assertEqual(told.splitlines(), keys)


@needs_engine
class PictureKey(ProgramTest):
    def key(self, prompt, *options):
        return self.succeed("key", prompt, *QUICK, *options).strip()

    def test_loose_folds_case_synonyms_and_size(self):
        with open(os.path.join(self.work, "words.tsv"), "w", encoding="utf-8") as file:
            file.write("cat\tkitty\n")
        plain = self.key("a cat", "--match", "loose")
        self.assertEqual(self.key("a cat"), plain)
        self.assertEqual(self.key("A  Kitty", "--match", "loose", "--synonyms", "words.tsv"), plain)
        self.refuse(2, "--synonyms goes with --match loose", "key", "A Kitty", "--synonyms", "words.tsv", *QUICK)
        self.assertEqual(self.key("a", "--match", "loose", "--size", "1000x520"), self.key("a", "--size", "960x512"))
        with open(os.path.join(self.work, "words.tsv"), "a", encoding="utf-8") as file:
            file.write("kitty\tcat\n")
        self.refuse(2, "'words.tsv' line 2 closes a cycle", "key", "a", "--match", "loose", "--synonyms", "words.tsv", *QUICK)

    def test_a_secret_makes_another_key_and_is_never_shown(self):
        with open(os.path.join(self.work, "secret"), "w", encoding="utf-8") as file:
            file.write("correct horse battery\n")
        plain = self.key("a cat")
        secret = self.key("a cat", "--secret-file", "secret")
        self.assertNotEqual(secret, plain)
        self.assertEqual(self.key("a cat", "--secret-file", "secret", "--namespace", "n"),
                         self.key("a cat", "--secret-file", "secret", "--namespace", "n"))
        shown = self.succeed("key", "a cat", "--secret-file", "secret", "--explain", *QUICK)
        self.assertNotIn("correct", shown)
        with open(os.path.join(self.work, "empty"), "w", encoding="utf-8") as file:
            file.write("\n")
        self.refuse(2, "secret file 'empty' is empty", "key", "a", "--secret-file", "empty")


if __name__ == "__main__":
    unittest.main()
