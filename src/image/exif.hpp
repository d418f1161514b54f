// The one field of EXIF that zimg knows: UserComment, where A1111 and its relatives put "parameters".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zimg::image {

// The data of an APP1 segment that holds `comment` (UTF-8), as UTF-16.
std::string make_exif(std::string_view comment);

// The UserComment in the data of an APP1 segment, in UTF-8; nullopt when the segment is not EXIF, has none, or is
// damaged.
std::optional<std::string> read_exif_comment(std::string_view data);

}  // namespace zimg::image
