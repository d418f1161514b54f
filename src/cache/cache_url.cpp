#include "cache/cache_url.hpp"

#include <charconv>
#include <set>

#include "base/byte_size.hpp"
#include "base/duration.hpp"
#include "base/excerpt.hpp"
#include "base/namespace_name.hpp"
#include "cache/policy/namespace_rules.hpp"
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

// What of the URL was read: options, and with rules their namespaces. Of two amounts nobody could tell which is meant.
using Given = std::set<std::string>;

void refuse_twice(const std::string& what, Given& given) {
  if (!given.insert(what).second) refuse("the cache URL has '" + what + "' twice where once is expected");
}

NamespaceRule& rule_of(const std::string& name_space, CacheUrl& url) {
  for (NamespaceRule& rule : url.rules) {
    if (rule.name_space == name_space) return rule;
  }
  url.rules.emplace_back().name_space = name_space;
  return url.rules.back();
}

// "limit=NAME:1GiB" and its kin. Names may hold colons, amounts hold none. Without a name it is every namespace that
// has no rule of its own.
void parse_rule(const std::string& option, std::string_view value, Given& given, CacheUrl& url) {
  const std::size_t colon = value.rfind(':');
  const std::string name(colon == std::string_view::npos ? kAnyNamespace : value.substr(0, colon));
  const std::string_view amount = colon == std::string_view::npos ? value : value.substr(colon + 1);
  if (name != kAnyNamespace && !base::is_namespace_name(name)) {
    refuse("the cache URL's " + option +
           " is of no namespace; 1 to 64 of A-Z a-z 0-9 . _ @ : -, a colon and an amount are expected");
  }
  refuse_twice(option + (name == kAnyNamespace ? "" : "=" + name), given);
  NamespaceRule& rule = rule_of(name, url);
  if (option == "ttl") {
    rule.ttl_ms = base::parse_duration_ms("the cache URL's ttl", std::string(amount));
    return;
  }
  const std::uint64_t bytes = base::parse_byte_size("the cache URL's " + option, amount);
  if (bytes == 0) refuse("the cache URL's " + option + " is 0; a number of bytes such as 1GiB is expected");
  (option == "limit" ? rule.limit_bytes : rule.reserved_bytes) = bytes;
}

double parse_share(std::string_view text) {
  double share = -1;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), share);
  if (parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() && share >= 0 && share <= 1) return share;
  refuse("the cache URL's jitter is " + base::in_quotes(text) + " where a number from 0 to 1 is expected");
}

bool parse_switch(const std::string& option, std::string_view value) {
  if (value != "0" && value != "1") {
    refuse("the cache URL's " + option + " is " + base::in_quotes(value) + " where 0 or 1 is expected");
  }
  return value == "1";
}

bool is_rule(const std::string& option) {
  return option == "limit" || option == "reserve" || option == "ttl";
}

void parse_option(std::string_view option, Given& given, CacheUrl& url) {
  if (option.empty())
    refuse("the cache URL has no option behind a '?' or '&' where one such as size=10GiB is expected");
  const std::size_t equals = option.find('=');
  const std::string name(option.substr(0, equals));
  const std::string_view value = equals == std::string_view::npos ? std::string_view{} : option.substr(equals + 1);
  if (!is_rule(name)) refuse_twice(name, given);
  if (name == "size" && url.scheme != CacheScheme::kNone) {
    url.size_bytes = base::parse_byte_size("the cache URL's size", value);
    if (url.size_bytes == 0) refuse("the cache URL's size is 0; a number of bytes such as 10GiB is expected");
  } else if (is_rule(name) && url.scheme != CacheScheme::kNone) {
    parse_rule(name, value, given, url);
  } else if (name == "jitter" && url.scheme != CacheScheme::kNone) {
    url.ttl_jitter = parse_share(value);
  } else if (name == "allow_network" && url.scheme == CacheScheme::kLmdb) {
    url.allow_network = parse_switch(name, value);
  } else if (name == "encrypt" && url.scheme == CacheScheme::kLmdb) {
    url.encrypts = parse_switch(name, value);
  } else {
    refuse("the cache URL has the option '" + name + "', which its scheme does not know; " + kExpected +
           " is expected");
  }
}

std::size_t colon_of(std::string_view url) {
  const std::size_t colon = url.find(':');
  if (colon == std::string_view::npos) {
    refuse("the cache URL " + base::in_quotes(url) + " has no scheme; " + kExpected + " is expected");
  }
  return colon;
}

void check_path(CacheScheme scheme, std::string_view path) {
  if (path.starts_with("//"))
    refuse("the cache URL's path begins with '//'; it is written lmdb:/folder or lmdb:folder");
  if (path == "~" || path.starts_with("~/")) {
    refuse(
        "the cache URL's path begins with '~', which no shell has put the home folder in place of; \"lmdb:$HOME/...\", "
        "or ./~ for a folder of that name, is expected");
  }
  if (scheme != CacheScheme::kLmdb && !path.empty()) {
    refuse("the cache URL has a path, which only lmdb: takes; " + std::string(kExpected) + " is expected");
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
  const std::size_t colon = colon_of(url);
  parsed.scheme = parse_scheme(url.substr(0, colon));
  std::string_view rest = url.substr(colon + 1);
  const std::size_t question = rest.find('?');
  const std::string_view path = rest.substr(0, question);
  check_path(parsed.scheme, path);
  parsed.path = decode_path(path);
  if (question == std::string_view::npos) return parsed;
  rest.remove_prefix(question + 1);
  Given given;
  for (;;) {
    const std::size_t ampersand = rest.find('&');
    parse_option(rest.substr(0, ampersand), given, parsed);
    if (ampersand == std::string_view::npos) return parsed;
    rest.remove_prefix(ampersand + 1);
  }
}

}  // namespace zimg::cache
