#include <sys/stat.h>

#include <cstdlib>
#include <vector>

#include "generator/library_folder.hpp"
#include "zimg/error.hpp"
#include "zimg/model.hpp"

namespace zimg {
inline namespace v0 {

std::string builtin_model_path() {
  std::vector<std::string> places;
  if (const char* variable = std::getenv("ZIMG_BUILTIN_MODEL"); variable != nullptr && *variable != '\0') {
    places = {variable};
  } else {
    const std::string own = generator::library_folder();
    if (!own.empty()) places.push_back(own + "/" ZIMG_MODEL_FROM_LIBRARY);
    places.emplace_back(ZIMG_BUILTIN_MODEL_SOURCE);
  }
  std::string searched;
  for (const std::string& place : places) {
    struct stat status {};
    if (::stat((place + "/model_index.json").c_str(), &status) == 0) return place;
    searched += (searched.empty() ? "'" : ", '") + place + "'";
  }
  throw Error(ErrorCode::kNotFound, "the built-in model is not in " + searched);
}

}  // namespace v0
}  // namespace zimg
