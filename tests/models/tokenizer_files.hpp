// The files of a tokenizer made of the released list of merges.
#pragma once

#include <cstddef>
#include <limits>
#include <string>

namespace zimg_test {

// Writes vocab.json, merges.txt and tokenizer_config.json into `folder`, which must exist: the first `merges` of the
// released merges and the 26 added tokens behind them. With all of them these are the released files, rebuilt. Returns
// one more than the largest id. Errors: std::runtime_error, zimg::Error.
std::size_t write_tokenizer(const std::string& folder, std::size_t merges = std::numeric_limits<std::size_t>::max());

}  // namespace zimg_test
