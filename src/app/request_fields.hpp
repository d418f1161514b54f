// The fields of a request as people write them: on the command line, and as JSON in a list.
#pragma once

#include <cstdint>
#include <string>

#include "base/json.hpp"
#include "zimg/request.hpp"

namespace zimg::app {

// Errors of all: kInvalidArgument naming `field`, what was found and what is expected.
void set_size(Request& request, const std::string& field, const std::string& text);  // "640x480"
void set_seed(Request& request, const std::string& field, const std::string& text);  // a number or "random"
MatchLevel match_level(const std::string& field, const std::string& word);
Schedule schedule(const std::string& field, const std::string& word);
CacheMode cache_mode(const std::string& field, const std::string& word);
ImageFormat image_format(const std::string& field, const std::string& word);

// Sets each field that `object` names: prompt, negative_prompt, size or width and height, steps, guidance,
// guidance_normalization, guidance_truncation, schedule, seed, match, namespace, mode, ttl, tag, pin, vae_tiling,
// format, quality.
// Errors: also for a field that is not one of these or of another type, and for a size that is said in both ways.
// `origin` begins each sentence.
void set_fields(Request& request, const base::Json& object, const std::string& origin);

// Errors: kInvalidArgument where `name` is none of those fields, nor the `priority` that a list has beside them.
void check_field_name(const std::string& name, const std::string& origin);

// What a JSON value is where another is expected. Texts are quoted: they must not be a prompt's.
std::string shown_value(const base::Json& value);

}  // namespace zimg::app
