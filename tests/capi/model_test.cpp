// The library itself, its models and their tokenizer.
#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "capi_fixture.hpp"
#include "temporary_folder.hpp"
#include "zimg/version.hpp"

using namespace capi_test;

namespace {

std::string builtin_model() {
  Text path;
  must(zimg_builtin_model_path, path.out());
  return text_of(zimg_text_data, path.get());
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_library_says_what_it_is) {
  BOOST_TEST(zimg_abi_version() == ZIMG_ABI_MAJOR * 65536u + ZIMG_ABI_MINOR);
  BOOST_TEST(std::string_view(zimg_version()) == zimg::version());
  for (const zimg_feature none : {-1, 2, 257, INT32_MAX}) BOOST_TEST(zimg_has_feature(none) == 0);
  const int has_engine = zimg_has_feature(ZIMG_FEATURE_ENGINE);
  BOOST_TEST((has_engine == 0 || has_engine == 1));
}

BOOST_AUTO_TEST_CASE(an_engine_is_found_by_its_path_or_the_places_are_named) {
  const zimg_test::TemporaryFolder folder;
  Options options;
  Text path;
  must(zimg_options_create, options.out());
  const std::string module = folder.path("engine.so");
  must(zimg_options_set_engine_path, options.get(), module.data(), module.size());
  BOOST_TEST(holds(
      refused(ZIMG_STATUS_NOT_FOUND, zimg_locate_engine, static_cast<const zimg_options*>(options.get()), path.out()),
      module));
  std::filesystem::create_directory(module);
  must(zimg_locate_engine, static_cast<const zimg_options*>(options.get()), path.out());
  BOOST_TEST(text_of(zimg_text_data, path.get()) == module);
  Error error;
  const zimg_status status = zimg_locate_engine(nullptr, path.out(), error.out());
  if (status != ZIMG_STATUS_OK) {
    BOOST_TEST(status == ZIMG_STATUS_UNSUPPORTED);
    BOOST_TEST(holds(message_of(error.get()), "libzimg_torch.so"));
  }
}

BOOST_AUTO_TEST_CASE(a_model_is_inspected) {
  const std::string model = builtin_model();
  Inspection inspection;
  must(zimg_model_inspect, model.data(), model.size(), 1, inspection.out());
  const zimg_inspection* seen = inspection.get();
  BOOST_TEST(text_of(zimg_inspection_path, seen) == model);
  BOOST_TEST(!text_of(zimg_inspection_name, seen).empty());
  BOOST_TEST(text_of(zimg_inspection_layout, seen) == "released");
  BOOST_TEST(text_of(zimg_inspection_identity, seen).size() == 64u);
  BOOST_TEST(zimg_inspection_width(seen) > 0u);
  BOOST_TEST(zimg_inspection_height(seen) > 0u);
  BOOST_TEST(zimg_inspection_size_step(seen) > 0u);
  BOOST_TEST(zimg_inspection_max_side(seen) >= zimg_inspection_width(seen));
  BOOST_TEST(zimg_inspection_steps(seen) > 0u);
  BOOST_TEST(zimg_inspection_guidance(seen) >= 0);
  BOOST_TEST(zimg_inspection_shift(seen) > 0);
  BOOST_TEST(zimg_inspection_problem_count(seen) == 0u);
  BOOST_REQUIRE(zimg_inspection_part_count(seen) == 3u);
  for (std::size_t part = 0; part < 3; ++part) {
    BOOST_TEST(!text_of(zimg_inspection_part_role, seen, part).empty());
    BOOST_TEST(!text_of(zimg_inspection_part_dtypes, seen, part).empty());
    BOOST_TEST(zimg_inspection_part_tensors(seen, part) > 0u);
    BOOST_TEST(zimg_inspection_part_parameters(seen, part) > 0u);
    BOOST_TEST(zimg_inspection_part_bytes(seen, part) > 0u);
    BOOST_REQUIRE(zimg_inspection_part_file_count(seen, part) > 0u);
    BOOST_TEST(holds(text_of(zimg_inspection_part_file, seen, part, std::size_t{0}), model));
    BOOST_TEST((zimg_inspection_part_file(seen, part, 99, nullptr) == nullptr));
  }
  BOOST_TEST((zimg_inspection_part_role(seen, 3, nullptr) == nullptr));
  BOOST_TEST(zimg_inspection_part_bytes(seen, 3) == 0u);
  BOOST_TEST((zimg_inspection_problem(seen, 0, nullptr) == nullptr));

  const zimg_test::TemporaryFolder empty;
  must(zimg_model_inspect, empty.path().data(), empty.path().size(), 0, inspection.out());
  BOOST_REQUIRE(zimg_inspection_problem_count(inspection.get()) > 0u);
  BOOST_TEST(!text_of(zimg_inspection_problem, inspection.get(), std::size_t{0}).empty());
  refused(ZIMG_STATUS_NOT_FOUND, zimg_model_inspect, "/nowhere", std::size_t{8}, 0, inspection.out());
}

BOOST_AUTO_TEST_CASE(a_model_is_converted_with_progress) {
  const zimg_test::TemporaryFolder folder;
  const std::string model = builtin_model();
  const std::string out = folder.path("converted");
  std::uint64_t done = 0;
  const auto on_progress =
      +[](void* seen, std::uint64_t done_bytes, std::uint64_t) { *static_cast<std::uint64_t*>(seen) = done_bytes; };
  must(zimg_model_convert, model.data(), model.size(), out.data(), out.size(), ZIMG_WEIGHT_TYPE_FP16, on_progress,
       static_cast<void*>(&done));
  BOOST_TEST(done > 0u);
  Inspection inspection;
  must(zimg_model_inspect, out.data(), out.size(), 0, inspection.out());
  BOOST_TEST(zimg_inspection_problem_count(inspection.get()) == 0u);
  BOOST_TEST(text_of(zimg_inspection_part_dtypes, inspection.get(), std::size_t{0}) == "F16");
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_model_convert, model.data(), model.size(), out.data(), out.size(),
          ZIMG_WEIGHT_TYPE_FP16, nullptr, nullptr);
  refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_model_convert, model.data(), model.size(), out.data(), out.size(), 3,
          nullptr, nullptr);
  refused(
      ZIMG_STATUS_INTERNAL, zimg_model_convert, model.data(), model.size(), folder.path("other").c_str(),
      folder.path("other").size(), ZIMG_WEIGHT_TYPE_FP32,
      +[](void*, std::uint64_t, std::uint64_t) { throw std::runtime_error("stop"); }, nullptr);
  BOOST_TEST(!std::filesystem::exists(folder.path("other")));
}

BOOST_AUTO_TEST_CASE(text_is_tokenized_into_as_much_room_as_there_is) {
  const std::string model = builtin_model();
  Tokenizer tokenizer;
  must(zimg_tokenizer_open, model.data(), model.size(), tokenizer.out());
  const std::string text = "a red circle";
  const auto encode = [&](int is_prompt, std::size_t capacity) {
    std::vector<std::uint32_t> ids(capacity, UINT32_MAX);
    std::size_t count = 0;
    must(zimg_tokenizer_encode, static_cast<const zimg_tokenizer*>(tokenizer.get()), text.data(), text.size(),
         is_prompt, ids.data(), capacity, &count);
    BOOST_TEST(count > 0u);
    ids.resize(std::min(capacity, count));
    return std::make_pair(ids, count);
  };
  const std::size_t count = encode(0, 0).second;
  const auto all = encode(0, count + 5).first;
  BOOST_TEST(all.size() == count);
  BOOST_TEST((encode(0, 1).first == std::vector<std::uint32_t>{all[0]}));
  BOOST_TEST(encode(1, 600).second > count);
  std::string pieces;
  for (const std::uint32_t id : all) {
    SharedOctets piece;
    must(zimg_tokenizer_piece, static_cast<const zimg_tokenizer*>(tokenizer.get()), id, piece.out());
    std::size_t size = 0;
    const std::uint8_t* octets = zimg_bytes_data(piece.get(), &size);
    pieces.append(octets, octets + size);
  }
  BOOST_TEST(pieces == text);
}
