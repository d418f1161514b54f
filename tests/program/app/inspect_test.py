"""zimg inspect and convert."""
import json
import os
import struct
import zlib

from program import ProgramTest, main, needs_engine, png_size


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def small_png(*extra):
    """A picture that zimg did not write."""
    rows = b"".join(b"\0" + bytes(12) for _ in range(4))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)) + b"".join(extra) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def pixels(png):
    """The octets of a picture that zimg wrote: 8-bit RGB, rows unfiltered or filtered with SUB."""
    width, height = png_size(png)
    data, at = b"", 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at:at + 4])
        if png[at + 4:at + 8] == b"IDAT":
            data += png[at + 8:at + 8 + size]
        at += 12 + size
    rows = zlib.decompress(data)
    out = bytearray()
    for y in range(height):
        row = bytearray(rows[y * (3 * width + 1):(y + 1) * (3 * width + 1)])
        assert row[0] in (0, 1), "an unexpected filter"
        for x in range(4, len(row) if row[0] == 1 else 0):
            row[x] = (row[x] + row[x - 3]) % 256
        out += row[1:]
    return out


class Inspect(ProgramTest):
    def test_shows_what_a_picture_says(self):
        self.write("x.png", small_png(chunk(b"tEXt", b"parameters\0a caf\xe9\nSteps: 8")))
        facts = json.loads(self.succeed("inspect", "x.png", "--json"))
        self.assertEqual((facts["width"], facts["height"], facts["format"]), (4, 4, "png"))
        self.assertEqual(facts["texts"], [{"keyword": "parameters", "text": "a café\nSteps: 8"}])
        self.assertIn("a café", self.succeed("inspect", "x.png"))

    def test_obeys_no_control_sequence_of_a_picture(self):
        self.write("x.png", small_png(chunk(b"tEXt", b"parameters\0one\x1b[31m two\x07\nthree\x9b4m")))
        told = self.succeed("inspect", "x.png")
        self.assertIn("one\\x1b[31m two\\x07\nthree\\x9b4m", told)

    def test_refuses_what_is_no_picture(self):
        self.write("cut.png", small_png()[:-5])
        self.write("other", "x" * 100)
        self.write("empty", "")
        for name in ("cut.png", "other", "empty"):
            self.refuse(1, name, "inspect", name)

    def test_finds_the_built_in_model_sound(self):
        facts = json.loads(self.succeed("inspect", "--json"))
        self.assertEqual(facts["problems"], [])
        self.assertEqual((facts["width"], facts["height"], facts["steps"]), (256, 256, 8))
        self.assertEqual([p["role"] for p in facts["parts"]], ["text_encoder", "transformer", "vae"])
        self.assertIn("sound", self.succeed("inspect"))
        self.assertRegex(json.loads(self.succeed("inspect", "--json", "--identity"))["identity"], "^[0-9a-f]{64}$")

    def test_names_what_is_wrong_with_a_model(self):
        os.mkdir(os.path.join(self.work, "empty"))
        code, out, err = self.run_zimg("inspect", "empty")
        self.assertEqual(code, 1, err)
        self.assertIn("empty", out + err)

    def test_shows_tokens(self):
        ids = json.loads(self.succeed("inspect", "--tokens", "a red circle", "--json"))
        lines = self.succeed("inspect", "--tokens", "a red circle").splitlines()
        self.assertEqual(len(lines), len(ids) + 1)
        listed = self.succeed("inspect", "--tokens-from", "-", stdin='"a red circle"\n""\n"红\\u0000"\n'.encode())
        self.assertEqual([json.loads(line) for line in listed.splitlines()][0], ids)
        self.assertEqual(json.loads(listed.splitlines()[1]), [])
        framed = json.loads(self.succeed("inspect", "--tokens", "a red circle", "--template", "--json"))
        self.assertGreater(len(framed), len(ids))

    def test_names_a_line_that_is_no_JSON_string(self):
        self.refuse(2, "line 2", "inspect", "--tokens-from", "-", stdin=b'"a"\na\n')
        self.refuse(2, "line 1", "inspect", "--tokens-from", "-", stdin=b"[1]\n")


class Convert(ProgramTest):
    def test_rewrites_the_built_in_model(self):
        model = json.loads(self.succeed("inspect", "--json"))
        self.assertEqual(self.succeed("convert", model["path"], "out", "--dtype", "fp32"), "out\n")
        copy = json.loads(self.succeed("inspect", "out", "--json"))
        self.assertEqual(copy["problems"], [])
        self.assertEqual([p["dtypes"] for p in copy["parts"]], ["F32"] * 3)
        self.assertEqual([p["parameters"] for p in copy["parts"]], [p["parameters"] for p in model["parts"]])
        self.assertEqual(self.files(), ["out"])
        self.refuse(2, "out", "convert", model["path"], "out")

    @needs_engine
    def test_and_draws_the_same_from_the_copy(self):
        model = json.loads(self.succeed("inspect", "--json"))
        self.succeed("convert", model["path"], "out", "--dtype", "fp32")
        first = self.draw("a red circle", "a.png", "--dtype", "fp32", "--no-parameters")
        second = self.draw("a red circle", "b.png", "--dtype", "fp32", "--no-parameters", "--model", "out")
        self.assertEqual(second["outcome"], "drawn")
        self.assertNotEqual(first["key"], second["key"])  # other files are another model
        # Equal weights elsewhere in memory may take another way through the same arithmetic: off by one at most.
        differences = [abs(a - b) for a, b in zip(pixels(self.read("a.png")), pixels(self.read("b.png")))]
        self.assertEqual(len(differences), 64 * 64 * 3)
        self.assertLessEqual(max(differences), 1)
        self.assertLess(sum(differences), len(differences) / 100)


if __name__ == "__main__":
    main()
