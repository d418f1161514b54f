#include "fill.hpp"

#include <functional>
#include <map>
#include <memory>
#include <stdexcept>

#include "painter.hpp"

namespace conformance {
namespace {

using Setters = std::map<std::string, std::function<void(const std::string& value)>>;

// Gives each field behind `prefix` to its setter.
void apply(const Case& subject, const std::string& prefix, const Setters& setters) {
  for (std::size_t i = 0; i < subject.count; ++i) {
    const Field& field = subject.fields[i];
    const std::string name = field.name;
    if (name.compare(0, prefix.size(), prefix) != 0) continue;
    const auto setter = setters.find(name.substr(prefix.size()));
    if (setter == setters.end()) throw std::runtime_error("an unknown field: " + name);
    setter->second(std::string(field.value, field.size));
  }
}

template <class T>
std::function<void(const std::string&)> number(T& target) {
  return [&target](const std::string& value) { target = static_cast<T>(std::stod(value)); };
}

template <class T>
std::function<void(const std::string&)> number(std::optional<T>& target) {
  return [&target](const std::string& value) { target = static_cast<T>(std::stod(value)); };
}

std::function<void(const std::string&)> text(std::string& target) {
  return [&target](const std::string& value) { target = value; };
}

template <class Enum>
std::function<void(const std::string&)> enumerator(Enum& target) {
  return [&target](const std::string& value) { target = static_cast<Enum>(std::stoi(value)); };
}

std::function<void(const std::string&)> flag(bool& target) {
  return [&target](const std::string& value) { target = value == "1"; };
}

const auto elsewhere = [](const std::string&) {};  // read with another field, or when the cache is opened

}  // namespace

std::optional<std::string> text_of(const Case& subject, const char* name) {
  const Field* field = find_field(&subject, name);
  if (field == nullptr) return std::nullopt;
  return std::string(field->value, field->size);
}

void fill(const Case& subject, zimg::GeneratorOptions& options) {
  const auto secret = [&](const std::string& value) {
    const std::string octets = text_of(subject, "options.secret").value();
    options.namespace_secrets[value] = zimg::Bytes(octets.begin(), octets.end());
  };
  const auto keywords = [&](const std::string& value) {
    const double action = number_of(&subject, "options.keyword_action", 0);
    options.keywords.push_back({value, static_cast<zimg::KeywordAction>(static_cast<int>(action)),
                                text_of(subject, "options.keyword_tag").value_or("")});
  };
  apply(subject, "options.",
        {{"model", text(options.model)},
         {"pipeline",
          [&](const std::string& value) {
            options.pipeline = make_painter(value);
            options.pipeline_identity = "conformance 1";
          }},
         {"device", enumerator(options.device)},
         {"precision", enumerator(options.precision)},
         {"fingerprint", enumerator(options.fingerprint)},
         {"threads", number(options.threads)},
         {"kept", enumerator(options.kept)},
         {"synonyms", text(options.synonyms)},
         {"engine_path", text(options.engine_path)},
         {"drawings_at_once", number(options.drawings_at_once)},
         {"secret_namespace", secret},
         {"secret", elsewhere},
         {"keywords", keywords},
         {"keyword_action", elsewhere},
         {"keyword_tag", elsewhere},
         {"cache", elsewhere}});
}

void fill(const Case& subject, zimg::Request& request, Seen& seen) {
  apply(subject, "request.",
        {{"prompt", text(request.prompt)},
         {"negative_prompt", text(request.negative_prompt)},
         {"width", number(request.width)},
         {"height", number(request.height)},
         {"steps", number(request.steps)},
         {"guidance", number(request.guidance)},
         {"guidance_normalization", number(request.guidance_normalization)},
         {"guidance_truncation", number(request.guidance_truncation)},
         {"schedule", enumerator(request.schedule)},
         {"seed", [&](const std::string& value) { request.seed = std::stoull(value); }},
         {"vae_tiling", flag(request.vae_tiling)},
         {"match", enumerator(request.match)},
         {"namespace", text(request.name_space)},
         {"format", enumerator(request.format)},
         {"jpeg_quality", number(request.jpeg_quality)},
         {"splice_parameters", flag(request.splice_parameters)},
         {"cache_mode", enumerator(request.mode)},
         {"ttl_ms", number(request.ttl_ms)},
         {"ttl_jitter", number(request.ttl_jitter)},
         {"tag", text(request.tag)},
         {"pin", flag(request.pin)},
         {"preview", flag(request.preview)},
         {"progress",
          [&](const std::string&) {
            request.on_progress = [&seen](const zimg::Progress& progress) {
              ++seen.steps;
              if (!progress.preview.empty()) ++seen.previews;
            };
          }},
         {"cancel", flag(seen.is_to_be_cancelled)}});
}

void fill(const Case& subject, zimg::CacheEntry& entry) {
  zimg::EntryInfo& info = entry.info;
  apply(subject, "entry.",
        {{"payload",
          [&](const std::string& value) {
            entry.payload = std::make_shared<const zimg::Bytes>(value.begin(), value.end());
          }},
         {"format", enumerator(info.format)},
         {"width", number(info.width)},
         {"height", number(info.height)},
         {"seed", number(info.seed)},
         {"steps", number(info.steps)},
         {"guidance", number(info.guidance)},
         {"draw_ms", number(info.draw_ms)},
         {"stored_at_ms", number(info.stored_at_ms)},
         {"expires_at_ms", number(info.expires_at_ms)},
         {"namespace", text(info.name_space)},
         {"model", text(info.model)},
         {"tag", text(info.tag)},
         {"pinned", flag(info.is_pinned)}});
}

}  // namespace conformance
