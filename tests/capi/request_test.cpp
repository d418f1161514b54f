// zimg_request and zimg_options: what a setter sets is what is drawn; numbers out of an enumeration are refused.
#include <algorithm>
#include <initializer_list>

#include "capi_fixture.hpp"

using namespace capi_test;

namespace {

// The value of a field of the request's key.
std::string field(const Generator& generator, const Request& request, std::string_view name) {
  KeyFields fields;
  must(zimg_generator_explain_key, generator.get(), request.get(), fields.out());
  for (std::size_t i = 0; i < zimg_key_fields_count(fields.get()); ++i) {
    if (text_of(zimg_key_fields_name, fields.get(), i) == name) return text_of(zimg_key_fields_value, fields.get(), i);
  }
  return "(no such field)";
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_live_field_changes_the_key) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  const auto key_after = [&](auto&& set) {
    const Request request = request_of("a circle");
    must(zimg_request_set_guidance, request.get(), 2.0);
    set(request.get());
    zimg_key key{};
    must(zimg_generator_key, generator.get(), request.get(), &key);
    char hex[65];
    must(zimg_key_to_hex, static_cast<const zimg_key*>(&key), &hex[0], sizeof(hex));
    return std::string(hex);
  };
  std::vector<std::string> keys{key_after([](zimg_request*) {})};
  keys.push_back(key_after([](auto* r) { must(zimg_request_set_prompt, r, "a square", std::size_t{8}); }));
  keys.push_back(key_after([](auto* r) { must(zimg_request_set_negative_prompt, r, "red", std::size_t{3}); }));
  keys.push_back(key_after([](auto* r) { must(zimg_request_set_size, r, 64u, 128u); }));
  keys.push_back(key_after([](auto* r) { must(zimg_request_set_steps, r, 3u); }));
  keys.push_back(key_after([](auto* r) { must(zimg_request_set_guidance, r, 3.5); }));
  keys.push_back(key_after([](auto* r) { must(zimg_request_set_guidance_normalization, r, 0.5); }));
  keys.push_back(key_after([](auto* r) { must(zimg_request_set_guidance_truncation, r, 0.5); }));
  keys.push_back(key_after([](auto* r) { must(zimg_request_set_schedule, r, ZIMG_SCHEDULE_LEGACY_ZERO_END); }));
  keys.push_back(key_after([](auto* r) { must(zimg_request_set_seed, r, std::uint64_t{7}); }));
  keys.push_back(key_after([](auto* r) { must(zimg_request_set_vae_tiling, r, 1); }));
  keys.push_back(key_after([](auto* r) { must(zimg_request_set_namespace, r, "other", std::size_t{5}); }));
  std::sort(keys.begin(), keys.end());
  BOOST_TEST((std::adjacent_find(keys.begin(), keys.end()) == keys.end()));
}

BOOST_AUTO_TEST_CASE(the_match_level_is_heeded) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  const Request request = request_of("A  CIRCLE");
  BOOST_TEST(field(generator, request, "prompt").find("A CIRCLE") != std::string::npos);
  must(zimg_request_set_match_level, request.get(), ZIMG_MATCH_LEVEL_EXACT);
  BOOST_TEST(field(generator, request, "prompt").find("A  CIRCLE") != std::string::npos);
  must(zimg_request_set_match_level, request.get(), ZIMG_MATCH_LEVEL_LOOSE);
  BOOST_TEST(field(generator, request, "prompt").find("a circle") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_field_of_the_key_shows_in_the_answer) {
  Painter painter;
  const Cache cache = memory_cache();
  const Generator generator = generator_of(options_for(painter), cache);
  const Request request = request_of("a circle");
  must(zimg_request_set_format, request.get(), ZIMG_IMAGE_FORMAT_JPEG);
  must(zimg_request_set_jpeg_quality, request.get(), 40);
  must(zimg_request_set_splice_parameters, request.get(), 1);
  must(zimg_request_set_ttl_ms, request.get(), std::int64_t{3600000});
  must(zimg_request_set_ttl_jitter, request.get(), 0.1);
  must(zimg_request_set_tag, request.get(), "festival", std::size_t{8});
  must(zimg_request_set_pin, request.get(), 1);
  const Result result = generated(generator, request);
  must(zimg_generator_drain, generator.get());
  BOOST_TEST(zimg_result_format(result.get()) == ZIMG_IMAGE_FORMAT_JPEG);
  std::size_t size = 0;
  const std::uint8_t* bytes = zimg_result_bytes(result.get(), &size);
  PictureFacts facts;
  must(zimg_picture_facts_read, static_cast<const void*>(bytes), size, facts.out());
  BOOST_TEST(zimg_picture_facts_format(facts.get()) == ZIMG_IMAGE_FORMAT_JPEG);
  BOOST_TEST(zimg_picture_facts_text_count(facts.get()) >= 1u);
  Entry entry;
  must(zimg_cache_find, cache.get(), zimg_report_key(zimg_result_report(result.get())), entry.out());
  BOOST_REQUIRE(entry.get() != nullptr);
  BOOST_TEST(text_of(zimg_entry_tag, entry.get()) == "festival");
  BOOST_TEST(zimg_entry_is_pinned(entry.get()) == 1);
  const std::int64_t life = zimg_entry_expires_at_ms(entry.get()) - zimg_entry_stored_at_ms(entry.get());
  BOOST_TEST(life > 3200000);
  BOOST_TEST(life <= 3600000);
}

BOOST_AUTO_TEST_CASE(a_random_seed_is_never_a_hit_and_a_seed_takes_it_back) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter), memory_cache());
  const Request request = request_of("a circle", 5);
  generated(generator, request);
  must(zimg_request_set_random_seed, request.get(), 1);
  BOOST_TEST(outcome_of(generated(generator, request)) == ZIMG_OUTCOME_DRAWN);
  must(zimg_request_set_seed, request.get(), std::uint64_t{5});
  must(zimg_generator_drain, generator.get());
  BOOST_TEST(outcome_of(generated(generator, request)) == ZIMG_OUTCOME_HIT);
}

BOOST_AUTO_TEST_CASE(a_clone_is_a_request_of_its_own) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  const Request request = request_of("a circle");
  Request clone;
  must(zimg_request_clone, request.get(), clone.out());
  set_prompt(request, "a square");
  BOOST_TEST(holds(field(generator, clone, "prompt"), "a circle"));
  BOOST_TEST(holds(field(generator, request, "prompt"), "a square"));
}

BOOST_AUTO_TEST_CASE(numbers_out_of_their_enumeration_are_refused) {
  Request request;
  Options options;
  must(zimg_request_create, request.out());
  must(zimg_options_create, options.out());
  const auto refuses = [](auto* function, auto* handle, std::initializer_list<std::int32_t> numbers) {
    for (const std::int32_t number : numbers) {
      BOOST_TEST(holds(refused(ZIMG_STATUS_INVALID_ARGUMENT, function, handle, number), std::to_string(number)));
    }
  };
  refuses(zimg_request_set_schedule, request.get(), {-1, 3, INT32_MIN, INT32_MAX});
  refuses(zimg_request_set_match_level, request.get(), {-1, 3});
  refuses(zimg_request_set_format, request.get(), {-1, 0, 3, 257});
  refuses(zimg_request_set_cache_mode, request.get(), {-1, 5, 256});
  refuses(zimg_options_set_device, options.get(), {-1, 3});
  refuses(zimg_options_set_precision, options.get(), {-1, 4});
  refuses(zimg_options_set_fingerprint, options.get(), {-1, 2});
  refuses(zimg_options_set_kept, options.get(), {-1, 2});
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_options_add_keywords, options.get(), "x", std::size_t{1}, 3, "",
          std::size_t{0});
}

BOOST_AUTO_TEST_CASE(numbers_out_of_range_are_refused_by_the_generator_with_the_field_named) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  const auto sentence = [&](auto&& set) {
    const Request request = request_of("a circle");
    set(request.get());
    Result result;
    return refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_generator_generate, generator.get(), request.get(), result.out());
  };
  BOOST_TEST(holds(sentence([](auto* r) { must(zimg_request_set_steps, r, 0u); }), "steps"));
  BOOST_TEST(holds(sentence([](auto* r) { must(zimg_request_set_guidance, r, -1.0); }), "guidance"));
  BOOST_TEST(holds(sentence([](auto* r) { must(zimg_request_set_ttl_ms, r, std::int64_t{0}); }), "time to live"));
  BOOST_TEST(holds(sentence([](auto* r) {
                     must(zimg_request_set_format, r, ZIMG_IMAGE_FORMAT_JPEG);
                     must(zimg_request_set_jpeg_quality, r, 101);
                   }),
                   "quality"));
  BOOST_TEST(holds(sentence([](auto* r) { must(zimg_request_set_namespace, r, "a b", std::size_t{3}); }), "namespace"));
  BOOST_TEST(painter.drawings == 0);
}

BOOST_AUTO_TEST_CASE(options_are_refused_by_the_generator_that_is_made_of_them) {
  Painter painter;
  const auto sentence = [&](zimg_status status, auto&& set) {
    const Options options = options_for(painter);
    set(options.get());
    Generator generator;
    return refused(status, zimg_generator_create, options.get(), nullptr, generator.out());
  };
  const zimg_status invalid = ZIMG_STATUS_INVALID_ARGUMENT;
  BOOST_TEST(holds(sentence(invalid, [](auto* o) { must(zimg_options_set_threads, o, 1025u); }), "threads"));
  BOOST_TEST(holds(sentence(invalid, [](auto* o) { must(zimg_options_set_drawings_at_once, o, 0u); }), "drawings"));
  BOOST_TEST(holds(sentence(invalid, [](auto* o) { must(zimg_options_set_pending_stores, o, 0u); }), "stores"));
  BOOST_TEST(holds(sentence(invalid, [](auto* o) { must(zimg_options_set_requires_cache, o, 1); }), "cache"));
  BOOST_TEST(
      holds(sentence(invalid, [](auto* o) { must(zimg_options_set_cache_url, o, "memory:?size=x", std::size_t{14}); }),
            "size"));
  BOOST_TEST(holds(sentence(invalid,
                            [](auto* o) {
                              must(zimg_options_add_namespace_secret, o, "a", std::size_t{1},
                                   static_cast<const void*>(nullptr), std::size_t{0});
                            }),
                   "secret"));
  sentence(ZIMG_STATUS_NOT_FOUND, [](auto* o) { must(zimg_options_set_model, o, "/nowhere", std::size_t{8}); });
  sentence(ZIMG_STATUS_NOT_FOUND, [](auto* o) { must(zimg_options_set_synonyms, o, "/nowhere", std::size_t{8}); });
}

BOOST_AUTO_TEST_CASE(a_cache_that_the_options_name_is_opened) {
  Painter painter;
  const Options options = options_for(painter);
  must(zimg_options_set_cache_url, options.get(), "memory:?size=8MiB", std::size_t{17});
  must(zimg_options_set_requires_cache, options.get(), 1);
  must(zimg_options_set_patience_ms, options.get(), 1000u);
  must(zimg_options_set_kept, options.get(), ZIMG_KEPT_DELIVERED);
  const Generator generator = generator_of(options);
  generated(generator, request_of("a circle"));
  must(zimg_generator_drain, generator.get());
  BOOST_TEST(outcome_of(generated(generator, request_of("a circle"))) == ZIMG_OUTCOME_HIT);
}
