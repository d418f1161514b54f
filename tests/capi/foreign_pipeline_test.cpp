// A host's pipeline behind zimg_pipeline_vtable: what it is told, what it may answer, and structs of other releases.
#include "capi_fixture.hpp"

using namespace capi_test;

namespace {

std::string failure_of(Painter& painter, zimg_status expected) {
  const Generator generator = generator_of(options_for(painter));
  Result result;
  return refused(expected, zimg_generator_generate, generator.get(), request_of("a circle").get(), result.out());
}

}  // namespace

BOOST_AUTO_TEST_CASE(is_told_the_canonical_order) {
  Painter painter;
  painter.before = [](const zimg_drawing* drawing, zimg_error**) {
    BOOST_TEST(text_of(zimg_drawing_prompt, drawing) == "a circle");
    BOOST_TEST(text_of(zimg_drawing_negative_prompt, drawing) == "red");
    BOOST_TEST(zimg_drawing_width(drawing) == 64u);
    BOOST_TEST(zimg_drawing_height(drawing) == 96u);
    std::size_t count = 0;
    const float* sigmas = zimg_drawing_sigmas(drawing, &count);
    BOOST_REQUIRE(count == 5u);
    for (std::size_t i = 1; i < count; ++i) BOOST_TEST(sigmas[i] < sigmas[i - 1]);
    BOOST_TEST(zimg_drawing_guidance(drawing) == 2.5f);
    BOOST_TEST(zimg_drawing_guidance_normalization(drawing) == 0.5f);
    BOOST_TEST(zimg_drawing_guidance_truncation(drawing) == 0.75f);
    BOOST_TEST(zimg_drawing_seed(drawing) == 6u);
    BOOST_TEST(zimg_drawing_is_vae_tiled(drawing) == 1);
    BOOST_TEST(zimg_drawing_wants_preview(drawing) == 0);
    BOOST_TEST(zimg_drawing_is_cancelled(drawing) == 0);
    return zimg_status{ZIMG_STATUS_OK};
  };
  const Generator generator = generator_of(options_for(painter));
  const Request request = request_of("  a   circle", (std::uint64_t{1} << 32) + 6);
  must(zimg_request_set_size, request.get(), 64u, 96u);
  must(zimg_request_set_negative_prompt, request.get(), "red", std::size_t{3});
  must(zimg_request_set_steps, request.get(), 5u);
  must(zimg_request_set_guidance, request.get(), 2.5);
  must(zimg_request_set_guidance_normalization, request.get(), 0.5);
  must(zimg_request_set_guidance_truncation, request.get(), 0.75);
  must(zimg_request_set_vae_tiling, request.get(), 1);
  generated(generator, request);
  BOOST_TEST(painter.drawings == 1);
}

BOOST_AUTO_TEST_CASE(its_pixels_are_what_is_delivered) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  const Result result = generated(generator, request_of("a circle", 3));
  const auto bytes = bytes_of(result);
  Picture picture;
  must(zimg_picture_decode, static_cast<const void*>(bytes.data()), bytes.size(), picture.out());
  std::size_t size = 0;
  const std::uint8_t* rgb = zimg_picture_rgb(picture.get(), &size);
  BOOST_REQUIRE(size == std::size_t{3} * 64 * 64);
  bool is_same = true;
  for (std::size_t i = 0; i < size; ++i) is_same = is_same && rgb[i] == static_cast<std::uint8_t>(i * 3 + i / 251);
  BOOST_TEST(is_same);
}

BOOST_AUTO_TEST_CASE(each_status_that_it_answers_with_arrives) {
  for (zimg_status status = ZIMG_STATUS_INVALID_ARGUMENT; status <= ZIMG_STATUS_INTERNAL; ++status) {
    Painter painter;
    painter.before = [status](const zimg_drawing*, zimg_error** out_error) {
      *out_error = zimg_error_create(ZIMG_STATUS_IO, "no brush is left", 16);  // the status counts, not the error's
      return status;
    };
    BOOST_TEST(holds(failure_of(painter, status), "no brush is left"));
  }
}

BOOST_AUTO_TEST_CASE(an_answer_without_an_error_or_a_picture_is_told_as_what_it_is) {
  Painter silent;
  silent.before = [](const zimg_drawing*, zimg_error**) { return zimg_status{ZIMG_STATUS_OUT_OF_MEMORY}; };
  BOOST_TEST(holds(failure_of(silent, ZIMG_STATUS_OUT_OF_MEMORY), "draw failed (out_of_memory)"));
  const zimg_pipeline_vtable lazy{
      sizeof(zimg_pipeline_vtable),
      [](void*, const zimg_drawing*, zimg_picture*, zimg_error**) { return zimg_status{ZIMG_STATUS_OK}; }, nullptr};
  Options options;
  must(zimg_options_create, options.out());
  must(zimg_options_set_pipeline, options.get(), &lazy, static_cast<void*>(nullptr), "lazy", std::size_t{4});
  const Generator generator = generator_of(options);
  Result result;
  BOOST_TEST(
      holds(refused(ZIMG_STATUS_DEVICE, zimg_generator_generate, generator.get(), request_of("a").get(), result.out()),
            "0x0"));
}

BOOST_AUTO_TEST_CASE(a_size_that_is_none_a_missing_function_and_an_empty_identity_are_refused) {
  Painter painter;
  Options options;
  must(zimg_options_create, options.out());
  const auto sentence = [&](const zimg_pipeline_vtable& vtable, std::size_t identity_size) {
    return refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_options_set_pipeline, options.get(), &vtable,
                   static_cast<void*>(&painter), "x", identity_size);
  };
  for (const std::size_t size : {std::size_t{0}, sizeof(zimg_pipeline_vtable) - 8, SIZE_MAX}) {
    zimg_pipeline_vtable vtable = painter.vtable();
    vtable.struct_size = size;
    BOOST_TEST(holds(sentence(vtable, 1), "struct_size"));
  }
  zimg_pipeline_vtable vtable = painter.vtable();
  BOOST_TEST(holds(sentence(vtable, 0), "identity"));
  vtable.draw = nullptr;
  BOOST_TEST(holds(sentence(vtable, 1), "'draw'"));
  BOOST_TEST(painter.releases == 0);
}

BOOST_AUTO_TEST_CASE(its_identity_is_in_the_key) {
  Painter painter;
  const Request request = request_of("a circle");
  std::vector<std::string> keys;
  for (const char* identity : {"one", "two"}) {
    const Options options = options_for(painter);
    const zimg_pipeline_vtable vtable = painter.vtable();
    must(zimg_options_set_pipeline, options.get(), &vtable, static_cast<void*>(&painter), identity, std::size_t{3});
    zimg_key key{};
    must(zimg_generator_key, generator_of(options).get(), request.get(), &key);
    keys.emplace_back(reinterpret_cast<const char*>(key.bytes), sizeof(key.bytes));
  }
  BOOST_TEST((keys[0] != keys[1]));
}

BOOST_AUTO_TEST_CASE(several_drawings_go_on_side_by_side_where_they_may) {
  Painter painter;
  painter.is_open = false;
  const Options options = options_for(painter);
  must(zimg_options_set_drawings_at_once, options.get(), 3u);
  const Generator generator = generator_of(options);
  std::vector<Job> jobs(3);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    must(zimg_job_create, generator.get(), request_of("a circle", i).get(), jobs[i].out());
    must(zimg_job_start, jobs[i].get());
  }
  while (painter.waiting < 3) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  painter.is_open = true;
  for (const Job& job : jobs) must(zimg_job_wait, job.get(), std::int64_t{-1}, static_cast<int*>(nullptr));
}
