#include "cache/cache_url.hpp"

#include "base/byte_size.hpp"
#include "zimg/cache.hpp"
#include "zimg/error.hpp"

namespace zimg::cache {
namespace {

constexpr const char* kExpected = "\"lmdb:PATH?size=10GiB\", \"memory:?size=256MiB\" or \"none:\"";

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::kInvalidArgument, sentence);
}

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

std::string decode_path(std::string_view text) {
  std::string path;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      path += text[i];
      continue;
    }
    const int high = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0 || (high == 0 && low == 0)) {
      refuse(
          "the cache URL's path has a '%' that two hexadecimal digits other than 00 do not follow; a percent sign "
          "itself is written %25");
    }
    path += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return path;
}

CacheScheme parse_scheme(std::string_view scheme) {
  if (scheme == "lmdb") return CacheScheme::kLmdb;
  if (scheme == "memory") return CacheScheme::kMemory;
  if (scheme == "none") return CacheScheme::kNone;
  for (const std::string_view known : {"redis", "rediss", "redis+cluster", "rediss+cluster", "unix"}) {
    if (scheme == known) {
      throw Error(ErrorCode::kUnsupported, "the cache scheme '" + std::string(scheme) +
                                               ":' needs the Redis cache, which this version lacks; " + kExpected +
                                               " is expected");
    }
  }
  refuse("the cache scheme '" + std::string(scheme) + ":' is unknown; " + kExpected + " is expected");
}

void parse_option(std::string_view option, CacheUrl& url) {
  const std::size_t equals = option.find('=');
  const std::string name(option.substr(0, equals));
  const std::string_view value = equals == std::string_view::npos ? std::string_view{} : option.substr(equals + 1);
  if (name == "size" && url.scheme != CacheScheme::kNone) {
    url.size_bytes = base::parse_byte_size(value);
    if (url.size_bytes == 0) refuse("the cache URL's size is 0; a number of bytes such as 10GiB is expected");
  } else if (name == "allow_network" && url.scheme == CacheScheme::kLmdb) {
    if (value != "0" && value != "1") refuse("the cache URL's allow_network is neither 0 nor 1");
    url.allow_network = value == "1";
  } else {
    refuse("the cache URL has the option '" + name + "', which its scheme does not know; " + kExpected +
           " is expected");
  }
}

}  // namespace

CacheUrl parse_cache_url(std::string_view url) {
  CacheUrl parsed;
  if (url.empty()) return parsed;
  if (url.find(',') != std::string_view::npos) {
    refuse(
        "the cache URL joins more than two caches by commas; two are expected, the fast one first (a comma in a path "
        "is "
        "written %2C)");
  }
  const std::size_t colon = url.find(':');
  if (colon == std::string_view::npos) {
    refuse(std::string("the cache URL has no scheme; ") + kExpected + " is expected");
  }
  parsed.scheme = parse_scheme(url.substr(0, colon));
  std::string_view rest = url.substr(colon + 1);
  const std::size_t question = rest.find('?');
  const std::string_view path = rest.substr(0, question);
  if (path.starts_with("//"))
    refuse("the cache URL's path begins with '//'; it is written lmdb:/folder or lmdb:folder");
  if (parsed.scheme != CacheScheme::kLmdb && !path.empty()) {
    refuse("the cache URL has a path, which only lmdb: takes; " + std::string(kExpected) + " is expected");
  }
  parsed.path = decode_path(path);
  if (question == std::string_view::npos) return parsed;
  rest.remove_prefix(question + 1);
  for (;;) {
    const std::size_t ampersand = rest.find('&');
    parse_option(rest.substr(0, ampersand), parsed);
    if (ampersand == std::string_view::npos) return parsed;
    rest.remove_prefix(ampersand + 1);
  }
}

}  // namespace zimg::cache
