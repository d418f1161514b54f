#include "base/namespace_name.hpp"

namespace zimg::base {

std::optional<std::string> namespace_name_problem(std::string_view name) {
  constexpr std::string_view kCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@:-";
  const std::string expected =
      "; 1 to " + std::to_string(kNamespaceNameLimit) + " of A-Z a-z 0-9 . _ @ : - are expected";
  if (name.empty()) return "is empty" + expected;
  if (name.size() > kNamespaceNameLimit) return "is " + std::to_string(name.size()) + " bytes long" + expected;
  const std::size_t wrong = name.find_first_not_of(kCharacters);
  if (wrong == std::string_view::npos) return std::nullopt;
  return "holds an unexpected character at byte " + std::to_string(wrong) + expected;
}

}  // namespace zimg::base
