// Every function of the header, called with NULL: the calls are written from the header when the tests are built.
#include "capi_fixture.hpp"

using namespace capi_test;

namespace {

// Sound arguments by type. Each is made once and lives until the test ends.
struct Sound {
  Painter painter;
  Options options = options_for(painter);
  Cache cache = memory_cache();
  Generator generator = generator_of(options, cache);
  Request request = request_of("a circle");
  Result result = generated(generator, request);
  Job job;
  Token token;
  Policy policy;
  LmdbOptions lmdb_options;
  Entry entry;
  PurgeFilter filter;
  Stats stats;
  Prewarm prewarm;
  Picture picture;
  Metrics metrics;
  Tokenizer tokenizer;
  zimg_key key{};
  zimg_pipeline_vtable pipeline_vtable = painter.vtable();
  zimg_cache_vtable cache_vtable{};

  Sound() {
    cache_vtable.struct_size = sizeof(cache_vtable);
    cache_vtable.find = [](void*, const zimg_key*, zimg_entry*, int*, zimg_error**) { return ZIMG_STATUS_OK + 0; };
    cache_vtable.store = [](void*, const zimg_key*, const zimg_entry*, zimg_store_outcome*, zimg_error**) {
      return ZIMG_STATUS_OK + 0;
    };
    cache_vtable.erase = [](void*, const zimg_key*, int*, zimg_error**) { return ZIMG_STATUS_OK + 0; };
    must(zimg_job_create, generator.get(), request.get(), job.out());
    must(zimg_cancel_token_create, token.out());
    must(zimg_policy_create, policy.out());
    must(zimg_lmdb_options_create, lmdb_options.out());
    must(zimg_entry_create, entry.out());
    must(zimg_purge_filter_create, filter.out());
    must(zimg_cache_stats, cache.get(), stats.out());
    must(zimg_prewarm_create, prewarm.out());
    must(zimg_picture_create, picture.out());
    must(zimg_generator_metrics, generator.get(), metrics.out());
    Text path;
    must(zimg_builtin_model_path, path.out());
    const std::string model = text_of(zimg_text_data, path.get());
    must(zimg_tokenizer_open, model.data(), model.size(), tokenizer.out());
  }
};

Sound& sounds() {
  static Sound all;
  return all;
}

template <class T>
T sound();

// What a call may write to, where a call that must fail writes nothing.
template <class T>
T* untouched() {
  static T value{};
  return &value;
}

#define ZIMG_SOUND(type, expression)    \
  template <>                           \
  [[maybe_unused]] type sound<type>() { \
    return expression;                  \
  }
#define ZIMG_SOUND_HANDLE(type, field)          \
  ZIMG_SOUND(type*, sounds().field.get())       \
  ZIMG_SOUND(const type*, sounds().field.get()) \
  ZIMG_SOUND(type**, untouched<type*>())
ZIMG_SOUND_HANDLE(zimg_options, options)
ZIMG_SOUND_HANDLE(zimg_cache, cache)
ZIMG_SOUND_HANDLE(zimg_generator, generator)
ZIMG_SOUND_HANDLE(zimg_request, request)
ZIMG_SOUND_HANDLE(zimg_result, result)
ZIMG_SOUND_HANDLE(zimg_job, job)
ZIMG_SOUND_HANDLE(zimg_cancel_token, token)
ZIMG_SOUND_HANDLE(zimg_policy, policy)
ZIMG_SOUND_HANDLE(zimg_lmdb_options, lmdb_options)
ZIMG_SOUND_HANDLE(zimg_entry, entry)
ZIMG_SOUND_HANDLE(zimg_purge_filter, filter)
ZIMG_SOUND_HANDLE(zimg_stats, stats)
ZIMG_SOUND_HANDLE(zimg_prewarm, prewarm)
ZIMG_SOUND_HANDLE(zimg_picture, picture)
ZIMG_SOUND_HANDLE(zimg_metrics, metrics)
ZIMG_SOUND_HANDLE(zimg_tokenizer, tokenizer)
ZIMG_SOUND(const char*, "1")
ZIMG_SOUND(const void*, "1")
ZIMG_SOUND(const uint8_t*, reinterpret_cast<const uint8_t*>("1"))
ZIMG_SOUND(void*, untouched<char>())
ZIMG_SOUND(char*, untouched<char>())
ZIMG_SOUND(int*, untouched<int>())
ZIMG_SOUND(size_t*, untouched<size_t>())
ZIMG_SOUND(uint32_t*, untouched<uint32_t>())
ZIMG_SOUND(zimg_key*, untouched<zimg_key>())
ZIMG_SOUND(const zimg_key*, &sounds().key)
ZIMG_SOUND(const zimg_entry* const*, untouched<const zimg_entry*>())
ZIMG_SOUND(zimg_text**, untouched<zimg_text*>())
ZIMG_SOUND(zimg_bytes**, untouched<zimg_bytes*>())
ZIMG_SOUND(zimg_tally**, untouched<zimg_tally*>())
ZIMG_SOUND(zimg_key_fields**, untouched<zimg_key_fields*>())
ZIMG_SOUND(zimg_prewarm_report**, untouched<zimg_prewarm_report*>())
ZIMG_SOUND(zimg_picture_facts**, untouched<zimg_picture_facts*>())
ZIMG_SOUND(zimg_inspection**, untouched<zimg_inspection*>())
ZIMG_SOUND(const zimg_pipeline_vtable*, &sounds().pipeline_vtable)
ZIMG_SOUND(const zimg_cache_vtable*, &sounds().cache_vtable)
ZIMG_SOUND(zimg_entry_function, nullptr)
ZIMG_SOUND(zimg_tally_function, nullptr)
ZIMG_SOUND(zimg_progress_function, nullptr)
ZIMG_SOUND(zimg_trace_function, nullptr)
ZIMG_SOUND(zimg_bytes_progress_function, nullptr)
ZIMG_SOUND(zimg_job_function, nullptr)
ZIMG_SOUND(zimg_warning_function, nullptr)
ZIMG_SOUND(zimg_clock_function, nullptr)
ZIMG_SOUND(zimg_refused_function, nullptr)
using ReleaseFunction = void (*)(void*);
ZIMG_SOUND(ReleaseFunction, nullptr)

}  // namespace

#define UNWRAPPED(...) __VA_ARGS__
#define SURVIVES(function, arguments)    \
  static_cast<void>(function arguments); \
  ++calls;
#define REFUSES_NOTHING(function, without_error, with_error)                                                   \
  {                                                                                                            \
    Error error;                                                                                               \
    BOOST_CHECK_MESSAGE(function without_error == ZIMG_STATUS_INVALID_ARGUMENT, #function);                    \
    BOOST_CHECK_MESSAGE(function with_error == ZIMG_STATUS_INVALID_ARGUMENT, #function);                       \
    BOOST_CHECK_MESSAGE(holds(message_of(error.get()), "NULL"), #function << ": " << message_of(error.get())); \
    ++calls;                                                                                                   \
  }
#define NAMES(function, name, arguments)                                                                            \
  {                                                                                                                 \
    Error error;                                                                                                    \
    const zimg_status status = function arguments;                                                                  \
    const std::string sentence = message_of(error.get());                                                           \
    BOOST_CHECK_MESSAGE(status == ZIMG_STATUS_INVALID_ARGUMENT && holds(sentence, "NULL") && holds(sentence, name), \
                        #function " without " name ": " << zimg_status_name(status) << ": " << sentence);           \
    ++calls;                                                                                                        \
  }

BOOST_AUTO_TEST_CASE(no_function_trips_over_null_and_each_names_the_argument_that_it_needs) {
  int calls = 0;
#include "null_calls.inc"
  BOOST_TEST(calls > 500);
}

BOOST_AUTO_TEST_CASE(nothing_is_written_by_a_call_that_fails) {
  Painter painter;
  const Options options = options_for(painter);
  zimg_generator* generator = reinterpret_cast<zimg_generator*>(&painter);  // a mark, never used as a handle
  zimg_generator* const before = generator;
  must(zimg_options_set_model, options.get(), "/nowhere", std::size_t{8});
  refused(ZIMG_STATUS_NOT_FOUND, zimg_generator_create, options.get(), nullptr, &generator);
  BOOST_TEST(generator == before);
  zimg_key key{{7}};
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_key_from_hex, "12", std::size_t{2}, &key);
  BOOST_TEST(key.bytes[0] == 7);
  std::size_t count = 7;
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_tokenizer_encode, nullptr, "x", std::size_t{1}, 0, nullptr, std::size_t{0},
          &count);
  BOOST_TEST(count == 7u);
}

BOOST_AUTO_TEST_CASE(an_error_is_not_touched_by_a_call_that_succeeds) {
  zimg_error* error = reinterpret_cast<zimg_error*>(&error);
  zimg_error* const before = error;
  Request request;
  BOOST_TEST(zimg_request_create(request.out(), &error) == ZIMG_STATUS_OK);
  BOOST_TEST(error == before);
}
