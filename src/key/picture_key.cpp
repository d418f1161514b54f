#include "key/picture_key.hpp"

#include <charconv>
#include <cstdio>

#include "base/float_below.hpp"
#include "base/hex.hpp"
#include "key/message_writer.hpp"

namespace zimg::key {
namespace {

enum PictureTag : std::uint16_t {
  kNamespace = 1,
  kModel = 2,
  kEngine = 3,
  kPrompt = 4,
  kNegativePrompt = 5,
  kWidth = 6,
  kHeight = 7,
  kSigmas = 8,
  kGuidance = 9,
  kGuidanceNormalization = 10,
  kGuidanceTruncation = 11,
  kSeed = 12,
  kNoise = 13,
  kVaeTiling = 14,
};

constexpr const char* kNoiseKind = "torch-cpu";

// Writes what is live.
class MessageSink {
 public:
  const Bytes& message() const { return writer_.message(); }
  CacheKey digest(const Bytes* secret) const { return writer_.digest(secret); }

  void octets(PictureTag tag, const char*, const std::array<std::uint8_t, 32>& value) {
    writer_.octets(tag, value.data(), value.size());
  }
  void text(PictureTag tag, const char*, std::string_view value, bool is_live = true) {
    if (is_live) writer_.text(tag, value);
  }
  void number(PictureTag tag, const char*, std::uint32_t value) { writer_.number(tag, value); }
  void real(PictureTag tag, const char*, float value, bool is_live) {
    if (is_live) writer_.real(tag, value);
  }
  void bound(PictureTag tag, const char* name, float value, bool is_live) { real(tag, name, value, is_live); }
  void reals(PictureTag tag, const char*, const std::vector<float>& value) { writer_.reals(tag, value); }
  void flag(PictureTag tag, const char*, bool value) { writer_.flag(tag, value); }

 private:
  MessageWriter writer_{"zimg-key", kKeySchema};
};

std::string printed(float number) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  return std::string(digits, end);
}

// On one line, with nothing in it that a terminal would obey.
std::string printed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet == '\n') {
      out += "\\n";
    } else if (octet == '\\') {
      out += "\\\\";
    } else if (octet < 0x20 || octet == 0x7F) {
      char escaped[8];
      std::snprintf(escaped, sizeof(escaped), "\\x%02x", octet);
      out += escaped;
    } else {
      out += c;
    }
  }
  return out;
}

// Prints what is live and what is dead.
class PrintingSink {
 public:
  std::vector<KeyField> take() { return std::move(fields_); }

  void octets(PictureTag tag, const char* name, const std::array<std::uint8_t, 32>& value) {
    add(tag, name, base::to_hex(value.data(), value.size()), true);
  }
  void text(PictureTag tag, const char* name, std::string_view value, bool is_live = true) {
    add(tag, name, printed(value), is_live);
  }
  void number(PictureTag tag, const char* name, std::uint32_t value) { add(tag, name, std::to_string(value), true); }
  void real(PictureTag tag, const char* name, float value, bool is_live) { add(tag, name, printed(value), is_live); }
  void bound(PictureTag tag, const char* name, float value, bool is_live) {
    add(tag, name, base::digits_above(value), is_live);
  }
  void reals(PictureTag tag, const char* name, const std::vector<float>& value) {
    std::string list;
    for (const float number : value) list += (list.empty() ? "" : ", ") + printed(number);
    add(tag, name, std::move(list), true);
  }
  void flag(PictureTag tag, const char* name, bool value) { add(tag, name, value ? "on" : "off", true); }

 private:
  void add(PictureTag tag, const char* name, std::string value, bool is_live) {
    fields_.push_back({tag, name, std::move(value), is_live});
  }

  std::vector<KeyField> fields_;
};

// The table of the key: every field in tag order, and when it is live.
template <class Sink>
void visit_fields(const std::string& name_space, const DrawingOrder& order, const DrawerIdentity& drawer, Sink& sink) {
  const bool guides = order.guidance > 0;
  sink.text(kNamespace, "namespace", name_space);
  sink.octets(kModel, "model", drawer.model);
  sink.text(kEngine, "engine", drawer.engine);
  sink.text(kPrompt, "prompt", order.prompt);
  sink.text(kNegativePrompt, "negative prompt", order.negative_prompt, guides);
  sink.number(kWidth, "width", order.width);
  sink.number(kHeight, "height", order.height);
  sink.reals(kSigmas, "sigmas", order.sigmas);
  sink.real(kGuidance, "guidance", order.guidance, guides);
  sink.real(kGuidanceNormalization, "guidance normalization", order.guidance_normalization,
            guides && order.guidance_normalization > 0);
  sink.bound(kGuidanceTruncation, "guidance truncation", order.guidance_truncation,
             guides && order.guidance_truncation < 1);
  sink.number(kSeed, "seed", order.seed);
  sink.text(kNoise, "noise", kNoiseKind);
  sink.flag(kVaeTiling, "vae tiling", order.vae_tiling);
}

}  // namespace

Bytes key_message(const CanonicalRequest& request, const DrawerIdentity& drawer) {
  MessageSink sink;
  visit_fields(request.name_space, request.order, drawer, sink);
  return sink.message();
}

CacheKey picture_key(const CanonicalRequest& request, const DrawerIdentity& drawer, const Bytes* secret) {
  MessageSink sink;
  visit_fields(request.name_space, request.order, drawer, sink);
  return sink.digest(secret);
}

std::vector<KeyField> explain(const CanonicalRequest& request, const DrawerIdentity& drawer, const Request& asked) {
  DrawingOrder order = request.order;
  if (!(order.guidance > 0)) {  // what is dead is shown as it was asked for
    order.negative_prompt = asked.negative_prompt;
    order.guidance_normalization = static_cast<float>(asked.guidance_normalization);
    order.guidance_truncation = base::float_below(asked.guidance_truncation);
  }
  PrintingSink sink;
  visit_fields(request.name_space, order, drawer, sink);
  return sink.take();
}

}  // namespace zimg::key
