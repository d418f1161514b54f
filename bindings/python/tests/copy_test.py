"""Copies of what owns a handle of C."""

from __future__ import annotations

import copy
import dataclasses
import gc
import pickle
import unittest

import zimg
from support import MODEL, ZimgTest, small


class CopyTest(ZimgTest):
    def test_a_copied_request_carries_the_same_token(self) -> None:
        token = zimg.CancelToken()
        request = zimg.Request("a red circle", cancel=token)
        copies = [copy.copy(request), copy.deepcopy(request), dataclasses.replace(request)]
        self.assertTrue(all(each.cancel is token for each in copies))
        self.assertIs(dataclasses.asdict(request)["cancel"], token)
        del copies
        gc.collect()
        self.assertFalse(token.is_cancelled)

    def test_a_copy_of_what_owns_a_handle_is_the_same(self) -> None:
        kept: list[zimg.Drawing] = []
        self.painter.before = kept.append
        result = self.generator.generate(small())
        for owner in (result, self.generator.metrics(), zimg.Tokenizer(MODEL), kept[0]):
            for copied in (copy.copy(owner), copy.deepcopy(owner)):
                self.assertIs(copied, owner)
            with self.assertRaisesRegex(TypeError, "cannot be pickled"):
                pickle.dumps(owner)
        for shared in (self.generator, self.cache):
            copy.copy(shared)  # which is dropped
            with self.assertRaisesRegex(TypeError, "cannot be pickled"):
                pickle.dumps(shared)
        gc.collect()
        self.assertEqual(self.generator.generate(small()).bytes, result.bytes)

    def test_a_request_goes_to_another_process_without_its_token(self) -> None:
        request = zimg.Request("a red circle", seed=7)
        self.assertEqual(pickle.loads(pickle.dumps(request)), request)
        request.cancel = zimg.CancelToken()
        with self.assertRaisesRegex(TypeError, "a zimg CancelToken cannot be pickled"):
            pickle.dumps(request)


if __name__ == "__main__":
    unittest.main()
