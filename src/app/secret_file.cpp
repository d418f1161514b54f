#include "app/secret_file.hpp"

#include "base/file.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

// The options of the last cache, each between two of "&"; empty where it has none.
std::string last_options(const std::string& url) {
  const std::size_t question = url.find('?', url.rfind(',') + 1);  // npos + 1 is 0
  return question == std::string::npos ? std::string() : "&" + url.substr(question + 1) + "&";
}

}  // namespace

NamespaceSecrets secrets_of(const std::string& name_space, const std::string& path) {
  constexpr std::uint64_t kMaxSecretBytes = 65536;
  if (path.empty()) return {};
  std::string secret = base::read_file(path, kMaxSecretBytes, ErrorCode::kInvalidArgument);
  if (!secret.empty() && secret.back() == '\n') secret.pop_back();
  if (!secret.empty() && secret.back() == '\r') secret.pop_back();
  if (secret.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "the secret file '" + path + "' is empty; at least one octet is expected");
  }
  return {{name_space, Bytes(secret.begin(), secret.end())}};
}

bool is_encrypting(const std::string& url) {
  return last_options(url).find("&encrypt=1&") != std::string::npos;
}

std::string encrypting(const std::string& url) {
  constexpr const char* kOption = "encrypt=1";
  if (url.empty()) return std::string("lmdb:?") + kOption;
  const std::string options = last_options(url);
  if (options.empty()) return url + "?" + kOption;
  if (is_encrypting(url)) return url;
  if (options.find("&encrypt=0&") != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument,
                "the cache URL says encrypt=0 for pictures that are to be encrypted; encrypt=1 or neither is expected");
  }
  return url + "&" + kOption;
}

}  // namespace zimg::app
