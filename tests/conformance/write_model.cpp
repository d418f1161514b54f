// write_model FOLDER: the model that the conformance suite reads, the same on every machine, so that its keys stand in
// cases.json.
#include <cstdio>
#include <exception>
#include <filesystem>

#include "models/formula_model.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    std::filesystem::remove_all(argv[1]);
    std::filesystem::create_directories(argv[1]);
    zimg_test::write_formula_model(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
