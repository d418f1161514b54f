// zimg_status and zimg_error: each code, and strings that are none.
#include <sys/mman.h>
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "foreign_cache.hpp"
#include "temporary_folder.hpp"

using namespace capi_test;

namespace {

bool is_utf8(const std::string& text) {
  zimg_error* const error = zimg_error_create(ZIMG_STATUS_IO, text.data(), text.size());
  const Error owned(error);
  return message_of(error) == text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_code_has_its_name) {
  const char* const names[] = {
      "ok",    "invalid_argument", "not_found", "bad_model", "unsupported", "out_of_memory", "device", "io",
      "cache", "cancelled",        "refused",   "closed",    "internal"};
  for (zimg_status status = 0; status <= ZIMG_STATUS_INTERNAL; ++status) {
    BOOST_TEST(zimg_status_name(status) == std::string_view(names[status]));
  }
  for (const zimg_status status : {-1, 13, INT32_MIN, INT32_MAX}) {
    BOOST_TEST(zimg_status_name(status) == std::string_view("unknown"));
  }
}

BOOST_AUTO_TEST_CASE(an_error_keeps_status_and_sentence) {
  const Error error(zimg_error_create(ZIMG_STATUS_IO, "the disk is gone", 16));
  BOOST_TEST(zimg_error_status(error.get()) == ZIMG_STATUS_IO);
  BOOST_TEST(text_of(zimg_error_message, error.get()) == "the disk is gone");
  BOOST_TEST(zimg_error_message(error.get(), nullptr) == std::string_view("the disk is gone"));
}

BOOST_AUTO_TEST_CASE(no_error_is_made_of_success_or_of_a_number_that_is_none) {
  for (const zimg_status status : {0, -1, 13}) BOOST_TEST((zimg_error_create(status, "x", 1) == nullptr));
  const Error error(zimg_error_create(ZIMG_STATUS_IO, "a\xff", 2));
  BOOST_TEST(holds(message_of(error.get()), "no UTF-8"));
  const Error empty(zimg_error_create(ZIMG_STATUS_IO, nullptr, 0));
  BOOST_TEST(message_of(empty.get()).empty());
  const Error null(zimg_error_create(ZIMG_STATUS_IO, nullptr, 5));
  BOOST_TEST(holds(message_of(null.get()), "no UTF-8"));
}

// The names of files come from the system, which does not care what they are made of.
BOOST_AUTO_TEST_CASE(names_that_are_no_utf8_are_shown_as_far_as_they_are) {
  const zimg_test::TemporaryFolder folder;
  const std::string model = folder.path("model");
  std::filesystem::create_directories(model + "/text_encoder");
  std::ofstream(model + "/text_encoder/model\xff.safetensors") << "no weights";
  Inspection inspection;
  must(zimg_model_inspect, model.data(), model.size(), 0, inspection.out());
  for (std::size_t i = 0; i < zimg_inspection_problem_count(inspection.get()); ++i) {
    BOOST_TEST(is_utf8(text_of(zimg_inspection_problem, inspection.get(), i)));
  }
  const std::string home = folder.path("caf\xe9");
  const char* const before = std::getenv("XDG_CACHE_HOME");
  const std::string old = before == nullptr ? "" : before;
  ::setenv("XDG_CACHE_HOME", home.c_str(), 1);
  Text path;
  BOOST_TEST(holds(refused(ZIMG_STATUS_UNSUPPORTED, zimg_cache_default_path, path.out()), "caf\xef\xbf\xbd"));
  Cache cache;
  must(zimg_cache_open, "", std::size_t{0}, static_cast<const zimg_policy*>(nullptr), cache.out());
  must(zimg_cache_description, cache.get(), path.out());
  BOOST_TEST(holds(text_of(zimg_text_data, path.get()), "caf\xef\xbf\xbd"));
  cache.reset();
  std::ofstream(folder.path("caf\xe9.txt")) << "no folder";
  ::setenv("XDG_CACHE_HOME", folder.path("caf\xe9.txt").c_str(), 1);
  BOOST_TEST(holds(refused(ZIMG_STATUS_CACHE, zimg_cache_open, "", std::size_t{0},
                           static_cast<const zimg_policy*>(nullptr), cache.out()),
                   "caf\xef\xbf\xbd.txt"));
  before == nullptr ? ::unsetenv("XDG_CACHE_HOME") : ::setenv("XDG_CACHE_HOME", old.c_str(), 1);
}

BOOST_AUTO_TEST_CASE(text_that_is_none_is_refused_and_not_shown) {
  Request request;
  must(zimg_request_create, request.out());
  const auto set = [&](const char* text, std::size_t size) {
    return refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_request_set_prompt, request.get(), text, size);
  };
  BOOST_TEST(holds(set("secret\0after", 12), "NUL at byte 6"));
  BOOST_TEST(holds(set("secret\xc3\x28", 8), "not UTF-8 at byte 6"));
  BOOST_TEST(holds(set("\xed\xa0\x80", 3), "not UTF-8 at byte 0"));  // half a surrogate pair
  BOOST_TEST(holds(set(nullptr, 3), "its length is 3"));
  BOOST_TEST(holds(set("x", SIZE_MAX), "more than a process can hold"));
  BOOST_TEST(!holds(set("secret\xff", 7), "secret"));
  must(zimg_request_set_prompt, request.get(), static_cast<const char*>(nullptr), std::size_t{0});
  must(zimg_request_set_prompt, request.get(), "\xe7\xba\xa2", std::size_t{3});
}

// One test a code, so that no code is promised that nothing gives.

BOOST_AUTO_TEST_CASE(invalid_argument) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  const Request request = request_of("a circle");
  must(zimg_request_set_size, request.get(), 63u, 64u);
  Result result;
  BOOST_TEST(holds(
      refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_generator_generate, generator.get(), request.get(), result.out()),
      "63"));
}

BOOST_AUTO_TEST_CASE(not_found) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter), memory_cache());
  const Request request = request_of("a circle");
  must(zimg_request_set_cache_mode, request.get(), ZIMG_CACHE_MODE_ONLY_IF_CACHED);
  Result result;
  refused(ZIMG_STATUS_NOT_FOUND, zimg_generator_generate, generator.get(), request.get(), result.out());
  BOOST_TEST(painter.drawings == 0);
}

BOOST_AUTO_TEST_CASE(bad_model) {
  Painter painter;
  const zimg_test::TemporaryFolder folder;
  const Options options = options_for(painter);
  must(zimg_options_set_model, options.get(), folder.path().data(), folder.path().size());
  Generator generator;
  BOOST_TEST(holds(refused(ZIMG_STATUS_BAD_MODEL, zimg_generator_create, options.get(), nullptr, generator.out()),
                   folder.path()));
}

BOOST_AUTO_TEST_CASE(unsupported) {
  HostCache host;
  const Cache cache = host.wrapped(offsetof(zimg_cache_vtable, list));
  PurgeFilter filter;
  must(zimg_purge_filter_create, filter.out());
  refused(ZIMG_STATUS_UNSUPPORTED, zimg_cache_purge, cache.get(), filter.get(), nullptr);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// Ten gigabytes that are there to be read, and no room for a copy of them.
BOOST_AUTO_TEST_CASE(out_of_memory) {
  const std::uint32_t side = 57728;
  const std::size_t size = std::size_t{3} * side * side;
  void* pixels = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  BOOST_REQUIRE(pixels != MAP_FAILED);
  rlimit before{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_AS, &before) == 0);
  rlimit narrow = before;
  narrow.rlim_cur = size + (std::size_t{2} << 30);
  Picture picture;
  must(zimg_picture_create, picture.out());
  BOOST_REQUIRE(::setrlimit(RLIMIT_AS, &narrow) == 0);
  Error error;
  const zimg_status status =
      zimg_picture_set_rgb(picture.get(), side, side, static_cast<const std::uint8_t*>(pixels), size, error.out());
  BOOST_REQUIRE(::setrlimit(RLIMIT_AS, &before) == 0);
  ::munmap(pixels, size);
  BOOST_TEST(status == ZIMG_STATUS_OUT_OF_MEMORY);
  BOOST_TEST(zimg_picture_width(picture.get()) == 0u);
}
#endif

BOOST_AUTO_TEST_CASE(a_picture_of_ten_gigabytes_is_refused_before_any_work) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  const Request request = request_of("a circle");
  must(zimg_request_set_size, request.get(), 57728u, 57728u);
  Result result;
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_generator_generate, generator.get(), request.get(), result.out());
  BOOST_TEST(painter.drawings == 0);
}

BOOST_AUTO_TEST_CASE(device) {
  Painter painter;
  painter.wider_by = 1;
  const Generator generator = generator_of(options_for(painter));
  Result result;
  BOOST_TEST(
      holds(refused(ZIMG_STATUS_DEVICE, zimg_generator_generate, generator.get(), request_of("a").get(), result.out()),
            "65x64"));
}

BOOST_AUTO_TEST_CASE(io) {
  const Cache cache = memory_cache();
  Tally tally;
  refused(ZIMG_STATUS_IO, zimg_bundle_export, cache.get(), "/nowhere/bundle", std::size_t{15}, nullptr, nullptr,
          nullptr, tally.out());
}

BOOST_AUTO_TEST_CASE(cache) {
  const zimg_test::TemporaryFolder folder;
  std::ofstream(folder.path("file")) << "no store";
  const std::string url = "lmdb:" + folder.path("file");
  Cache opened;
  BOOST_TEST(holds(refused(ZIMG_STATUS_CACHE, zimg_cache_open, url.data(), url.size(), nullptr, opened.out()),
                   folder.path("file")));
}

BOOST_AUTO_TEST_CASE(cancelled) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  const Request request = request_of("a circle");
  Token token;
  must(zimg_cancel_token_create, token.out());
  must(zimg_request_set_cancel_token, request.get(), token.get());
  BOOST_TEST(zimg_cancel_token_is_cancelled(token.get()) == 0);
  zimg_cancel_token_cancel(token.get());
  zimg_cancel_token_cancel(token.get());
  BOOST_TEST(zimg_cancel_token_is_cancelled(token.get()) == 1);
  Result result;
  refused(ZIMG_STATUS_CANCELLED, zimg_generator_generate, generator.get(), request.get(), result.out());
}

BOOST_AUTO_TEST_CASE(refused_by_a_keyword_list) {
  Painter painter;
  const zimg_test::TemporaryFolder folder;
  std::ofstream(folder.path("words")) << "hexagon\n";
  const Options options = options_for(painter);
  must(zimg_options_add_keywords, options.get(), folder.path("words").c_str(), folder.path("words").size(),
       ZIMG_KEYWORD_ACTION_REFUSE, "", std::size_t{0});
  const Generator generator = generator_of(options);
  Result result;
  refused(ZIMG_STATUS_REFUSED, zimg_generator_generate, generator.get(), request_of("a hexagon").get(), result.out());
}

BOOST_AUTO_TEST_CASE(closed) {
  const Cache opened = memory_cache();
  must(zimg_cache_close, opened.get());
  Stats stats;
  refused(ZIMG_STATUS_CLOSED, zimg_cache_stats, opened.get(), stats.out());
  Entry entry;
  const zimg_key key{};
  refused(ZIMG_STATUS_CLOSED, zimg_cache_find, opened.get(), &key, entry.out());
  const zimg_test::TemporaryFolder folder;
  const std::string url = "lmdb:" + folder.path("store");
  Cache store;
  must(zimg_cache_open, url.data(), url.size(), nullptr, store.out());
  must(zimg_cache_close, store.get());
  refused(ZIMG_STATUS_CLOSED, zimg_cache_stats, store.get(), stats.out());
}

BOOST_AUTO_TEST_CASE(internal) {
  Painter painter;
  painter.before = [](const zimg_drawing*, zimg_error**) { return zimg_status{99}; };
  const Generator generator = generator_of(options_for(painter));
  Result result;
  BOOST_TEST(holds(
      refused(ZIMG_STATUS_INTERNAL, zimg_generator_generate, generator.get(), request_of("a").get(), result.out()),
      "99"));
}
